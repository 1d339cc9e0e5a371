import { BaseCommand } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'

/** A new application key, for a routine or after a leak. */
export default class KeyRotate extends BaseCommand {
  static commandName = 'key:rotate'
  static description = 'Make a new application key; restart the portal afterwards'
  static options: CommandOptions = { startApp: true }

  async run() {
    const { rotateKey } = await import('#services/key_rotation')
    const { factors, pluginSecrets } = await rotateKey()
    this.logger.success(
      `new key made, ${factors} second factors and ${pluginSecrets} keys of plugins written anew; restart the portal`
    )
  }
}
