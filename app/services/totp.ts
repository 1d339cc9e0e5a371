import encryption from '@adonisjs/core/services/encryption'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { Secret, TOTP } from 'otpauth'
import { toDataURL } from 'qrcode'

const ISSUER = 'HashInsight'
const PERIOD_SECONDS = 30
const WINDOW = 1
export const TOTP_PURPOSE = 'totp'

/** A fresh secret, closed with the key of the installation. */
export const newTotpSecret = () =>
  encryption.encrypt(new Secret({ size: 20 }).base32, { purpose: TOTP_PURPOSE })

function totpOf(sealed: string, email: string) {
  const base32 = encryption.decrypt<string>(sealed, TOTP_PURPOSE)
  if (!base32) return null
  return new TOTP({
    issuer: ISSUER,
    label: email,
    secret: Secret.fromBase32(base32),
    period: PERIOD_SECONDS,
  })
}

/** What an authenticator app needs: a picture to scan, and the secret to type. */
export async function enrolmentOf(sealed: string, email: string) {
  const totp = totpOf(sealed, email)
  if (!totp) return null
  const uri = totp.toString()
  const picture = await toDataURL(uri, { errorCorrectionLevel: 'M', margin: 2, width: 232 })
  const secret = totp.secret.base32.match(/.{1,4}/g)?.join(' ') ?? ''
  return { uri, picture, secret }
}

/** The time step that the code belongs to, one step early or late included; null when it is wrong. */
export function stepOf(sealed: string, code: string, now = Date.now()) {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totpOf(sealed, '')?.validate({ token, window: WINDOW, timestamp: now }) ?? null
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_SECONDS) + delta
}

/** Uses a step up: a code works once, and none before it works again. */
export async function useStep(userId: string, step: number, trx: TransactionClientContract) {
  const { rowCount } = await trx.rawQuery(
    `update users set totp_last_step = ? where id = ? and totp_enabled_at is not null
     and (totp_last_step is null or totp_last_step < ?)`,
    [step, userId, step]
  )
  return rowCount === 1
}
