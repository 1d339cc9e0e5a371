import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { isLocale } from '#middleware/locale_middleware'
import User from '#models/user'
import { logAccount } from '#services/account_log'
import { mailNotice } from '#services/mailer'
import { verifyPassword } from '#services/passwords'
import { safePath } from '#services/paths'
import { useRecoveryCode } from '#services/recovery_codes'
import { E_INVALID_CREDENTIALS, E_WRONG_CODE, refuseField } from '#services/refusals'
import { type Origin, type Outcome, recordSignIn } from '#services/sign_in_history'
import { clear, forgive, reserve, type Reservation } from '#services/throttle'
import { stepOf, useStep } from '#services/totp'

const PENDING = 'pendingSignIn'
const PENDING_MINUTES = 5

interface Pending {
  userId: string
  at: number
  /** A password that was changed meanwhile ends the half sign-in. */
  passwordAt: number | null
}

export const originOf = ({ request }: HttpContext): Origin => ({
  ip: request.ip(),
  userAgent: request.header('user-agent') ?? null,
})

const login = () => db.connection('login')

/** Writes that a person came in, and forgets their failed attempts. */
async function recordEntry(
  user: User,
  entry: { outcome: Outcome; origin: Origin; reservation?: Reservation },
  trx: TransactionClientContract
) {
  const { outcome, origin, reservation } = entry
  await recordSignIn({ userId: user.id, outcome, origin }, trx)
  const facts = { outcome }
  await logAccount(
    { subjectType: 'user', subjectId: user.id, name: 'session.started', facts, actorId: user.id },
    trx
  )
  if (reservation) await clear(reservation, trx)
}

/**
 * Checks address and password. An unknown address costs the same work and gets the same answer; so
 * does a suspended person.
 */
export async function checkPassword(email: string, password: string, origin: Origin) {
  const reservation = await reserve(email, origin.ip)
  const user = await User.findBy('email', email)
  const right = await verifyPassword(password, user?.passwordHash ?? null)
  if (!user || !right || user.suspendedAt) {
    const outcome = right ? 'suspended' : 'wrong_password'
    await recordSignIn({ userId: user?.id ?? null, outcome, origin })
    throw new E_INVALID_CREDENTIALS()
  }
  if (user.totpEnabledAt) await forgive(reservation)
  else {
    await login().transaction((trx) =>
      recordEntry(user, { outcome: 'signed_in', origin, reservation }, trx)
    )
  }
  return user
}

/** Checks the second factor: a code of the app, or one of the recovery codes. Each works once. */
export async function checkCode(user: User, code: string, origin: Origin) {
  const reservation = await reserve(user.email, origin.ip)
  const step = user.totpSecret ? stepOf(user.totpSecret, code) : null
  const outcome = await login().transaction(async (trx) => {
    const entered = await enterBy(user, { step, code }, trx)
    if (entered) await recordEntry(user, { outcome: entered, origin, reservation }, trx)
    return entered
  })
  if (!outcome) {
    await recordSignIn({ userId: user.id, outcome: 'wrong_code', origin })
    throw new E_WRONG_CODE()
  }
  if (outcome === 'signed_in_recovery') mailNotice(user, 'recovery_code_used')
}

async function enterBy(
  user: User,
  { step, code }: { step: number | null; code: string },
  trx: TransactionClientContract
): Promise<Outcome | null> {
  if (step !== null) return (await useStep(user.id, step, trx)) ? 'signed_in' : null
  if (!(await useRecoveryCode(user.id, code, trx))) return null
  await logAccount(
    { subjectType: 'user', subjectId: user.id, name: 'recovery_code.used', actorId: user.id },
    trx
  )
  return 'signed_in_recovery'
}

/** Somebody who has just been made comes in without asking for their password again. */
export const recordFirstEntry = (user: User, origin: Origin) =>
  login().transaction((trx) => recordEntry(user, { outcome: 'signed_in', origin }, trx))

/** Keeps what a visitor chose and nothing else; the session id and the CSRF secret are new. */
function renewSession({ session }: HttpContext) {
  const { wanted, locale } = session.all()
  session.clear()
  if (isLocale(locale)) session.put('locale', locale)
  session.regenerate()
  return safePath(wanted)
}

/** Opens the portal for a person whose factors were checked. Returns where they wanted to go. */
export async function openSessionFor(ctx: HttpContext, user: User) {
  const wanted = renewSession(ctx)
  await ctx.auth.use('web').login(user)
  return wanted
}

/** The password was right and a code is still needed: five minutes for it, and no rights yet. */
export function askForCode(ctx: HttpContext, user: User) {
  const wanted = renewSession(ctx)
  const pending: Pending = {
    userId: user.id,
    at: Date.now(),
    passwordAt: user.passwordChangedAt?.toMillis() ?? null,
  }
  ctx.session.put(PENDING, pending)
  ctx.session.put('wanted', wanted)
}

/** Who is half signed in, or null when nobody is or the five minutes are over. */
export async function pendingUser({ session }: HttpContext) {
  const pending = session.get(PENDING) as Pending | undefined
  if (!pending || Date.now() - pending.at > PENDING_MINUTES * 60_000) return null
  const user = await User.find(pending.userId)
  if (!user?.totpEnabledAt || user.suspendedAt) return null
  return (user.passwordChangedAt?.toMillis() ?? null) === pending.passwordAt ? user : null
}

/** Asks a signed-in person for their password again; wrong ones count like failed sign-ins. */
export async function confirmPassword(
  ctx: HttpContext,
  user: User,
  password: string,
  field = 'password'
) {
  const reservation = await reserve(user.email, ctx.request.ip())
  if (!(await verifyPassword(password, user.passwordHash))) {
    refuseField(ctx, field, 'identity.wrong_password')
  }
  await forgive(reservation)
}

/** Ends this session for good. */
export async function closeSession(ctx: HttpContext) {
  await ctx.auth.use('web').logout()
  renewSession(ctx)
}
