import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configProvider } from '@adonisjs/core'
import { drivers, Encryption } from '@adonisjs/core/encryption'
import app from '@adonisjs/core/services/app'
import encryption from '@adonisjs/core/services/encryption'
import { asInstallation, trackInstallation } from '#core/installation'
import { TOTP_PURPOSE } from '#services/totp'
import env from '#start/env'

const keep = (file: string, text: string) => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Makes a new application key and closes every second factor with it. The key before it stays
 * readable, so that a crash in between loses nothing. Returns how many factors were written anew.
 */
export async function rotateKey(): Promise<number> {
  const file = join(env.get('PORTAL_HOME'), 'app.key')
  if (!existsSync(file)) throw new TypeError(`APP_KEY is set by you: change it there (no ${file})`)
  const key = randomBytes(32).toString('base64url')
  keep(`${file}.previous`, env.get('APP_KEY').release())
  keep(file, key)
  const settings = drivers.aes256gcm({ id: 'portal', keys: [key] })
  const fresh = new Encryption((await configProvider.resolve(app, settings)) as never)
  return asInstallation(async (trx) => {
    const people = await trx.from('users').whereNotNull('totp_secret').select('id', 'totp_secret')
    for (const { id, totp_secret: sealed } of people) {
      const secret = encryption.decrypt<string>(sealed, TOTP_PURPOSE)
      if (!secret) throw new TypeError(`the second factor of ${id} cannot be opened`)
      const closed = fresh.encrypt(secret, { purpose: TOTP_PURPOSE })
      await trx.from('users').where({ id }).update({ totp_secret: closed })
    }
    await trackInstallation(trx, {
      subjectType: 'installation',
      subjectId: 'app_key',
      name: 'core.key.rotated',
      facts: { factors: people.length },
      via: 'console',
    })
    return people.length
  })
}
