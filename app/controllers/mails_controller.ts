import type { HttpContext } from '@adonisjs/core/http'
import ipaddr from 'ipaddr.js'
import core from '#core/core'
import { E_FORBIDDEN, E_NOT_FOUND, E_SIGN_IN_NEEDED } from '#core/errors'
import { storedMails, type StoredMail } from '#services/mail_files'

const isLoopback = (ip: string) => ipaddr.isValid(ip) && ipaddr.process(ip).range() === 'loopback'

/**
 * The mails hold links that open accounts. In a demo everybody at the machine itself may read them;
 * from elsewhere, and through a proxy, only who runs the platform.
 */
function checkReader({ request, presence }: HttpContext) {
  const direct = isLoopback(request.ip()) && !request.header('x-forwarded-for')
  if (direct || core.allows('staff.edit')) return
  throw presence.user ? new E_FORBIDDEN(['core.staff.edit']) : new E_SIGN_IN_NEEDED()
}

const linkIn = ({ text }: StoredMail) => /https?:\/\/\S+/.exec(text)?.[0] ?? null

/** Mails that would have gone out if there were a mail server. */
export default class MailsController {
  async index(ctx: HttpContext) {
    checkReader(ctx)
    return ctx.view.render('pages/identity/mails', { mails: await storedMails() })
  }

  async show(ctx: HttpContext) {
    checkReader(ctx)
    const mail = (await storedMails()).find(({ id }) => id === ctx.params.id)
    if (!mail) throw new E_NOT_FOUND()
    return ctx.view.render('pages/identity/mail', { mail, link: linkIn(mail) })
  }
}
