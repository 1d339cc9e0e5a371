import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MailResponse } from '@adonisjs/mail'
import type { MailTransportContract, NodeMailerMessage } from '@adonisjs/mail/types'
import { newId, isId } from '#core/ids'
import env from '#start/env'

/** A mail as it would have gone out, when there is no SMTP server to send it. */
export interface StoredMail {
  id: string
  sentAt: string
  to: string[]
  subject: string
  text: string
  html: string
}

const folder = () => join(env.get('PORTAL_HOME'), 'mail')

const addressesOf = (to: NodeMailerMessage['to']) =>
  (Array.isArray(to) ? to : [to]).map((one) =>
    typeof one === 'string' ? one : (one?.address ?? '')
  )

/** Writes mails as files that only the portal's own user may read. */
class FileTransport implements MailTransportContract {
  async send(message: NodeMailerMessage) {
    const id = newId()
    const mail: StoredMail = {
      id,
      sentAt: new Date().toISOString(),
      to: addressesOf(message.to),
      subject: String(message.subject ?? ''),
      text: String(message.text ?? ''),
      html: String(message.html ?? ''),
    }
    await mkdir(folder(), { recursive: true, mode: 0o700 })
    await writeFile(join(folder(), `${id}.json`), JSON.stringify(mail), { mode: 0o600 })
    const envelope = { from: 'hashinsight@localhost', to: mail.to }
    return new MailResponse(id, envelope, {})
  }
}

/** For config/mail.ts. */
export const fileTransport = () => () => new FileTransport()

/** The newest mails first; ids are UUIDv7, so the name is the time. */
export async function storedMails(limit = 100): Promise<StoredMail[]> {
  const names = await readdir(folder()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const newest = names
    .filter((name) => isId(name.replace('.json', '')))
    .sort()
    .reverse()
  return Promise.all(
    newest
      .slice(0, limit)
      .map(async (name) => JSON.parse(await readFile(join(folder(), name), 'utf8')))
  )
}
