import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { newId } from '#core/ids'

export type Outcome =
  'signed_in' | 'signed_in_recovery' | 'wrong_password' | 'wrong_code' | 'suspended'

/** From where somebody asks. */
export interface Origin {
  ip: string
  userAgent: string | null
}

interface SignIn {
  userId: string | null
  outcome: Outcome
  origin: Origin
}

/** Writes an attempt to the history, unknown addresses too: the work is the same for all. */
export async function recordSignIn(
  { userId, outcome, origin }: SignIn,
  trx?: TransactionClientContract
) {
  await (trx ?? db.connection('login')).table('sign_ins').insert({
    id: newId(),
    user_id: userId,
    outcome,
    ip: origin.ip,
    user_agent: origin.userAgent?.slice(0, 300) ?? null,
  })
}

interface SignInRow {
  outcome: Outcome
  ip: string | null
  user_agent: string | null
  at: Date
}

/** The person's own latest attempts, newest first. */
export const signInsOf = (userId: string, limit = 50): Promise<SignInRow[]> =>
  db
    .connection('login')
    .from('sign_ins')
    .where('user_id', userId)
    .orderBy('at', 'desc')
    .limit(limit)
    .select('outcome', 'ip', 'user_agent', 'at')
