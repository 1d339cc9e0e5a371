import db from '@adonisjs/lucid/services/db'
import type User from '#models/user'
import { logAccount } from '#services/account_log'
import { forgetTotp } from '#services/accounts'
import { mailNotice } from '#services/mailer'
import { makeRecoveryCodes } from '#services/recovery_codes'

const login = () => db.connection('login')
const subjectOf = (user: User) => ({ subjectType: 'user', subjectId: user.id }) as const

/** Switches the second factor on with a secret that the person has proved to hold. */
export async function enableTotp(user: User, sealed: string, step: number) {
  const codes = await login().transaction(async (trx) => {
    await trx.from('users').where('id', user.id).update({
      totp_secret: sealed,
      totp_enabled_at: new Date(),
      totp_last_step: step,
      updated_at: new Date(),
    })
    await logAccount({ ...subjectOf(user), name: 'totp.enabled' }, trx)
    await logAccount({ ...subjectOf(user), name: 'recovery_codes.made' }, trx)
    return makeRecoveryCodes(user.id, trx)
  })
  mailNotice(user, 'totp_enabled')
  return codes
}

/** Switches the second factor off; its recovery codes go with it. */
export async function disableTotp(user: User) {
  await login().transaction(async (trx) => {
    await forgetTotp(user.id, trx)
    await logAccount({ ...subjectOf(user), name: 'totp.disabled' }, trx)
  })
  mailNotice(user, 'totp_disabled')
}

/** Replaces the recovery codes. */
export const renewRecoveryCodes = (user: User) =>
  login().transaction(async (trx) => {
    await logAccount({ ...subjectOf(user), name: 'recovery_codes.made' }, trx)
    return makeRecoveryCodes(user.id, trx)
  })
