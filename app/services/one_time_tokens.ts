import { createHash, randomBytes } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { newId } from '#core/ids'
import type User from '#models/user'

export type TokenPurpose = 'verify_email' | 'reset_password'

const HOURS: Record<TokenPurpose, number> = { verify_email: 48, reset_password: 1 }

/** Only the hash of a link is kept: reading the database opens nothing. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest()

/** A link's secret, 256 random bits, and what to store of it. */
export function newToken() {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** Makes a single-use link for a person; an earlier one for the same purpose dies. */
export async function issueToken(
  user: Pick<User, 'id' | 'email'>,
  purpose: TokenPurpose,
  trx: TransactionClientContract
) {
  const { token, hash } = newToken()
  await retireTokens(user.id, purpose, trx)
  await trx.table('one_time_tokens').insert({
    id: newId(),
    user_id: user.id,
    purpose,
    token_hash: hash,
    email: user.email,
    expires_at: new Date(Date.now() + HOURS[purpose] * 3_600_000),
  })
  return token
}

export const retireTokens = (
  userId: string,
  purpose: TokenPurpose,
  trx: TransactionClientContract
) =>
  trx
    .from('one_time_tokens')
    .where({ user_id: userId, purpose })
    .whereNull('used_at')
    .update({ used_at: new Date() })

interface TokenOwner {
  user_id: string
}

const ALIVE = 'used_at is null and expires_at > clock_timestamp()'

/** Whose link this is, while it works; looking does not use it, since mail scanners open links too. */
export async function ownerOfToken(
  token: string,
  purpose: TokenPurpose
): Promise<TokenOwner | null> {
  return db
    .connection('login')
    .from('one_time_tokens as k')
    .join('users as u', 'u.id', 'k.user_id')
    .where({ 'k.token_hash': hashToken(token), 'k.purpose': purpose })
    .whereRaw(`k.${ALIVE.replace('expires_at', 'k.expires_at')}`)
    .whereColumn('u.email', 'k.email')
    .whereNull('u.suspended_at')
    .select('k.user_id')
    .first()
}

/** Uses the link up; of two at once only one gets it. */
export async function consumeToken(
  token: string,
  purpose: TokenPurpose,
  trx: TransactionClientContract
): Promise<TokenOwner | null> {
  const { rows } = await trx.rawQuery(
    `update one_time_tokens set used_at = clock_timestamp()
     where token_hash = ? and purpose = ? and ${ALIVE} returning user_id`,
    [hashToken(token), purpose]
  )
  return rows[0] ?? null
}
