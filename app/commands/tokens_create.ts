import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Makes an API token for a member, with no more than that member holds. */
export default class TokensCreate extends TenantCommand {
  static commandName = 'tokens:create'
  static description = 'Make an API token for a member; prints it this once'
  static permission = 'core.token.edit'

  @flags.string({ description: 'E-mail of the member who will own it', required: true })
  declare email: string

  @flags.string({ description: 'Which program will use it', required: true })
  declare name: string

  @flags.array({
    description: 'Permission such as core.site.view, or core.*; repeat it',
    required: true,
  })
  declare scope: string[]

  @flags.number({ description: 'Days until it expires, at most 90', default: 30 })
  declare days: number

  @flags.boolean({ description: 'Check everything and make nothing' })
  declare dryRun?: boolean

  async inTenant() {
    const { createToken } = await import('#services/api_tokens')
    const { memberByEmail } = await import('#services/token_owners')
    const { tokenForm } = await import('#validators/api')
    const { current } = await import('#core/current')
    const { name, scope: scopes, days } = this
    const wish = await tokenForm.validate({ name, scopes, days })
    const owner = await memberByEmail(this.email)
    const { text, ...token } = await createToken({ ...owner, ...wish })
    if (this.dryRun) current.abandon()
    this.say(this.dryRun ? `would make ${wish.name}: ${token.scopes.join(', ')}` : text)
    return this.dryRun ? { dryRun: true, scopes: token.scopes } : { ...token, token: text }
  }
}
