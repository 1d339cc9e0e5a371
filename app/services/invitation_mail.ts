import i18nManager from '@adonisjs/i18n/services/main'
import mail from '@adonisjs/mail/services/main'
import env from '#start/env'
import { inBackground } from '#services/background'
import { absoluteUrl, type Recipient } from '#services/mailer'

interface InvitationLetter {
  to: Recipient
  token: string
  tenant: string
  inviter: string
}

/** Mails the link of an invitation, after the answer. It is in the mail and nowhere else. */
export const sendInvitation = (letter: InvitationLetter) =>
  inBackground('invitation mail', () => send(letter))

async function send({ to, token, tenant, inviter }: InvitationLetter) {
  const i18n = i18nManager.locale(to.locale)
  const t = (name: string) => i18n.t(`admin.mail.invitation.${name}`, { tenant, inviter })
  const letter = {
    locale: i18n.locale,
    subject: t('subject'),
    greeting: i18n.t('mails.hello_plain'),
    intro: t('intro'),
    note: t('note'),
    button: t('button'),
    url: absoluteUrl(`/invitation/${token}`),
    copyHint: i18n.t('mails.copy_hint'),
    footer: i18n.t('mails.footer', { host: new URL(env.get('APP_URL')).host }),
  }
  await mail.send((message) => {
    message
      .to(to.email)
      .subject(letter.subject)
      .htmlView('mails/letter_html', letter)
      .textView('mails/letter_text', letter)
  })
}
