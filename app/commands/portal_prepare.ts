import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { prepare } from '#services/prepare'

/** Brings the database to what this version of the portal needs: one boot for everything. */
export default class PortalPrepare extends BaseCommand {
  static commandName = 'portal:prepare'
  static description = 'Migrate the database and write what every installation needs'
  static options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Tables only: tests make their own people' })
  declare test: boolean

  async run() {
    await prepare(this.app, { seed: !this.test, say: (line) => this.logger.info(line) })
  }
}
