import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configProvider } from '@adonisjs/core'
import { drivers, Encryption } from '@adonisjs/core/encryption'
import app from '@adonisjs/core/services/app'
import encryption from '@adonisjs/core/services/encryption'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation, trackInstallation } from '#core/installation'
import type { Reseal } from '#core/secrets'
import { installed } from '#services/registry'
import { TOTP_PURPOSE } from '#services/totp'
import env from '#start/env'

const keep = (file: string, text: string) => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** How many secrets were written anew. */
export interface Rotation {
  factors: number
  /** Of all plugins together. */
  pluginSecrets: number
}

/**
 * Makes a new application key and closes with it every second factor and what plugins keep. The key
 * before it stays readable, so that a crash in between loses nothing.
 */
export async function rotateKey(): Promise<Rotation> {
  const file = join(env.get('PORTAL_HOME'), 'app.key')
  if (!existsSync(file)) throw new TypeError(`APP_KEY is set by you: change it there (no ${file})`)
  const key = randomBytes(32).toString('base64url')
  keep(`${file}.previous`, env.get('APP_KEY').release())
  keep(file, key)
  const reseal = await resealWith(key)
  return asInstallation(async (trx) => {
    const factors = await resealFactors(trx, reseal)
    let pluginSecrets = 0
    for (const plugin of installed) {
      const keeper = await plugin.secrets?.()
      if (keeper) pluginSecrets += await keeper.default(trx, reseal)
    }
    await trackInstallation(trx, {
      subjectType: 'installation',
      subjectId: 'app_key',
      name: 'core.key.rotated',
      facts: { factors, pluginSecrets },
      via: 'console',
    })
    return { factors, pluginSecrets }
  })
}

async function resealWith(key: string): Promise<Reseal> {
  const settings = drivers.aes256gcm({ id: 'portal', keys: [key] })
  const fresh = new Encryption((await configProvider.resolve(app, settings)) as never)
  return (sealed, purpose) => {
    const secret = encryption.decrypt<string>(sealed, purpose)
    if (!secret) throw new TypeError(`a secret of the purpose ${purpose} cannot be opened`)
    return fresh.encrypt(secret, { purpose })
  }
}

async function resealFactors(trx: TransactionClientContract, reseal: Reseal) {
  const people = await trx.from('users').whereNotNull('totp_secret').select('id', 'totp_secret')
  for (const { id, totp_secret: sealed } of people) {
    await trx
      .from('users')
      .where({ id })
      .update({ totp_secret: reseal(sealed, TOTP_PURPOSE) })
  }
  return people.length
}
