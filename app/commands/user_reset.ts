import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import User from '#models/user'
import { makeResetToken } from '#services/accounts'
import { absoluteUrl } from '#services/mailer'

/** For somebody who can reach neither their password nor their mail; whoever has the console may help. */
export default class UserReset extends BaseCommand {
  static commandName = 'user:reset'
  static description = 'Print a link that sets a new password for a person, once, within one hour'
  static options: CommandOptions = { startApp: true }

  @flags.string({ description: 'Address of the person' })
  declare email: string

  @flags.boolean({ description: 'Also switch off their second factor' })
  declare totp: boolean

  @flags.boolean({ description: 'Print JSON' })
  declare json: boolean

  async run() {
    const email = (this.email ?? '').trim()
    const user = email ? await User.findBy('email', email) : null
    if (!user) {
      this.logger.error(email ? `nobody has the address ${email}` : 'give --email')
      this.exitCode = 1
      return
    }
    const dropTotp = Boolean(this.totp)
    const token = await makeResetToken(user, { actorId: null, via: 'console', dropTotp })
    const link = absoluteUrl(`/reset-password/${token}`)
    if (this.json)
      return this.logger.log(JSON.stringify({ email: user.email, link, totpOff: dropTotp }))
    this.logger.log(link)
    this.logger.info(`valid once, for one hour${dropTotp ? '; the second factor is off' : ''}`)
    if (user.suspendedAt) this.logger.warning('this person is suspended and cannot sign in')
  }
}
