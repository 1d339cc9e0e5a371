import i18nManager from '@adonisjs/i18n/services/main'
import mail from '@adonisjs/mail/services/main'
import env from '#start/env'
import { inBackground } from '#services/background'

export type NoticeKind =
  'password_changed' | 'totp_enabled' | 'totp_disabled' | 'recovery_code_used'

export interface Recipient {
  email: string
  fullName?: string
  locale: string
}

export const absoluteUrl = (path: string) => new URL(path, env.get('APP_URL')).href

interface Letter {
  /** Key under `mails`: subject, intro, and for links button and note. */
  key: string
  args?: Record<string, string>
  /** Path of the portal that the letter asks to open. */
  path?: string
}

async function send(to: Recipient, { key, args = {}, path }: Letter) {
  const i18n = i18nManager.locale(to.locale)
  const t = (name: string) => i18n.t(`mails.${key}.${name}`, args)
  const greeting = i18n.t(to.fullName ? 'mails.hello' : 'mails.hello_plain', {
    name: to.fullName ?? '',
  })
  const letter = {
    locale: i18n.locale,
    subject: t('subject'),
    greeting,
    intro: t('intro'),
    note: t('note'),
    button: path ? t('button') : null,
    url: path ? absoluteUrl(path) : null,
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

/** Mails the link that sets a new password. Call it in the background, after the commit. */
export const mailReset = (to: Recipient, token: string) =>
  send(to, { key: 'reset', path: `/reset-password/${token}` })

/** Mails the link that confirms an address, after the answer. */
export const mailVerification = (to: Recipient, token: string) =>
  inBackground('verification mail', () =>
    send(to, { key: 'verify', path: `/verify-email/${token}` })
  )

/** Tells a person that something about their account changed, after the answer. */
export const mailNotice = (to: Recipient, kind: NoticeKind) =>
  inBackground('notice mail', () => send(to, { key: `notice.${kind}` }))

interface Invitation {
  to: Recipient
  token: string
  tenant: string
  inviter: string
}

/** Mails the link of an invitation, after the answer. It is in the mail and nowhere else. */
export const sendInvitation = ({ to, token, tenant, inviter }: Invitation) =>
  inBackground('invitation mail', () =>
    send(to, { key: 'invitation', args: { tenant, inviter }, path: `/invitation/${token}` })
  )
