import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Shows the API tokens of a tenant; never their secrets, which nobody has. */
export default class TokensList extends TenantCommand {
  static commandName = 'tokens:list'
  static description = 'List the API tokens of a tenant that are not revoked'
  static permission = 'core.token.edit'

  @flags.string({ description: 'Only those of this member' })
  declare email?: string

  async inTenant() {
    const { listTokens } = await import('#services/api_tokens')
    const { memberByEmail } = await import('#services/token_owners')
    const userId = this.email ? (await memberByEmail(this.email)).userId : undefined
    const tokens = await listTokens(userId)
    for (const { id, name, prefix, expires_at: expiresAt, scopes } of tokens) {
      this.say(`${id}  hi_${prefix}  ${expiresAt.toISOString()}  ${name}  ${scopes.join(' ')}`)
    }
    return tokens.map(({ tenant_id: _, revoked_at: __, ...token }) => token)
  }
}
