import { args, flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Ends an API token for good. */
export default class TokensRevoke extends TenantCommand {
  static commandName = 'tokens:revoke'
  static description = 'Revoke an API token'
  static permission = 'core.token.edit'

  @args.string({ description: 'Id of the token, see tokens:list' })
  declare id: string

  @flags.boolean({ description: 'Check everything and revoke nothing' })
  declare dryRun?: boolean

  async inTenant() {
    const { revokeToken } = await import('#services/api_tokens')
    const { current } = await import('#core/current')
    const name = await revokeToken(this.id)
    if (this.dryRun) current.abandon()
    this.say(this.dryRun ? `would revoke ${name}` : `revoked ${name}`)
    return { id: this.id, name, dryRun: this.dryRun ?? false }
  }
}
