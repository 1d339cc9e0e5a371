import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Via } from '#core/current'
import { newId } from '#core/ids'
import type { PlatformRole } from '#core/roles'
import User from '#models/user'
import { logAccount } from '#services/account_log'
import { inBackground } from '#services/background'
import { mailNotice, mailReset, mailVerification } from '#services/mailer'
import { consumeToken, issueToken, retireTokens } from '#services/one_time_tokens'
import { hashPassword } from '#services/passwords'
import { dropRecoveryCodes } from '#services/recovery_codes'
import { E_LINK_ENDED } from '#services/refusals'
import { endSessions } from '#services/session_store'
import { clearAccount } from '#services/throttle'

const login = () => db.connection('login')

export interface NewPerson {
  email: string
  fullName: string
  passwordHash: string
  locale: string
  timeZone?: string
  platformRole?: PlatformRole
  /** They came by a link that was mailed to the address. */
  verified?: boolean
}

/** Makes a person. */
export async function register(person: NewPerson, trx: TransactionClientContract) {
  const id = newId()
  await trx.table('users').insert({
    id,
    email: person.email,
    full_name: person.fullName,
    password_hash: person.passwordHash,
    password_changed_at: new Date(),
    email_verified_at: person.verified ? new Date() : null,
    locale: person.locale,
    time_zone: person.timeZone ?? 'UTC',
    platform_role: person.platformRole ?? null,
  })
  const facts = { email: person.email, platformRole: person.platformRole ?? null }
  await logAccount(
    { subjectType: 'user', subjectId: id, name: 'user.registered', facts, actorId: id },
    trx
  )
  return User.findOrFail(id, { client: trx })
}

/** Sends the link that confirms a person's address. */
export async function askToVerify(user: User) {
  const token = await login().transaction((trx) => issueToken(user, 'verify_email', trx))
  mailVerification(user, token)
}

/** Confirms the address that the link was mailed to. */
export async function verifyEmail(token: string) {
  await login().transaction(async (trx) => {
    const owner = await consumeToken(token, 'verify_email', trx)
    if (!owner) throw new E_LINK_ENDED()
    await trx.from('users').where('id', owner.user_id).update({ email_verified_at: new Date() })
    const subject = { subjectType: 'user', subjectId: owner.user_id } as const
    await logAccount({ ...subject, name: 'email.verified', actorId: owner.user_id }, trx)
  })
}

interface ResetRequest {
  actorId: string | null
  via: Via
  /** A lost phone: the second factor goes too. */
  dropTotp?: boolean
}

/** Makes a reset link for a person. */
export async function makeResetToken(user: User, { actorId, via, dropTotp }: ResetRequest) {
  const subject = { subjectType: 'user', subjectId: user.id, actorId, via } as const
  return login().transaction(async (trx) => {
    if (dropTotp && user.totpEnabledAt) {
      await forgetTotp(user.id, trx)
      await logAccount({ ...subject, name: 'totp.disabled' }, trx)
    }
    await logAccount({ ...subject, name: 'password.reset_asked' }, trx)
    return issueToken(user, 'reset_password', trx)
  })
}

/** Mails a reset link if the address is somebody's. All of it after the answer, which tells nothing. */
export function askReset(email: string) {
  inBackground('password reset', async () => {
    const user = await User.findBy('email', email)
    if (!user || user.suspendedAt) return
    const token = await makeResetToken(user, { actorId: null, via: 'session' })
    await mailReset(user, token)
  })
}

interface NewPassword {
  passwordHash: string
  /** The session that stays, where the person is signed in. */
  keepSessionId?: string
}

async function storePassword(
  user: User,
  { passwordHash, keepSessionId }: NewPassword,
  trx: TransactionClientContract
) {
  await trx.from('users').where('id', user.id).update({
    password_hash: passwordHash,
    password_changed_at: new Date(),
    updated_at: new Date(),
  })
  const ended = await endSessions(user.id, keepSessionId, trx)
  await retireTokens(user.id, 'reset_password', trx)
  const subject = { subjectType: 'user', subjectId: user.id, actorId: user.id } as const
  await logAccount({ ...subject, name: 'password.changed', facts: { sessionsEnded: ended } }, trx)
}

/** Sets a new password by a mailed link: the link dies, and so does every session. */
export async function resetPassword(token: string, password: string) {
  const passwordHash = await hashPassword(password)
  const user = await login().transaction(async (trx) => {
    const owner = await consumeToken(token, 'reset_password', trx)
    if (!owner) throw new E_LINK_ENDED()
    const person = await User.findOrFail(owner.user_id, { client: trx })
    await storePassword(person, { passwordHash }, trx)
    await clearAccount(person.email, trx)
    return person
  })
  mailNotice(user, 'password_changed')
}

/** Sets a new password for a signed-in person; their other sessions end. */
export async function changePassword(user: User, password: string, keepSessionId: string) {
  const passwordHash = await hashPassword(password)
  await login().transaction((trx) => storePassword(user, { passwordHash, keepSessionId }, trx))
  mailNotice(user, 'password_changed')
}

/** Takes a person's second factor and its recovery codes away. */
export async function forgetTotp(userId: string, trx: TransactionClientContract) {
  await trx.from('users').where('id', userId).update({
    totp_secret: null,
    totp_enabled_at: null,
    totp_last_step: null,
    updated_at: new Date(),
  })
  await dropRecoveryCodes(userId, trx)
}
