import { defineConfig, transports } from '@adonisjs/mail'
import env from '#start/env'
import { fileTransport } from '#services/mail_files'

/** SMTP when SMTP_URL is set; otherwise files under the data folder that a page can show. */
const smtpUrl = env.get('SMTP_URL')
const url = smtpUrl ? new URL(smtpUrl) : null

const mailConfig = defineConfig({
  default: url ? 'smtp' : 'files',
  from: { name: 'HashInsight', address: url?.searchParams.get('from') ?? 'hashinsight@localhost' },
  mailers: {
    files: fileTransport(),
    smtp: transports.smtp({
      host: url?.hostname ?? 'localhost',
      port: Number(url?.port || (url?.protocol === 'smtps:' ? 465 : 587)),
      secure: url?.protocol === 'smtps:',
      auth: url?.username
        ? {
            type: 'login',
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          }
        : undefined,
    }),
  },
})

export default mailConfig

declare module '@adonisjs/mail/types' {
  export interface MailersList extends InferMailers<typeof mailConfig> {}
}
