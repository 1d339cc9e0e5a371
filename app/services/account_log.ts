import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { current, type Via } from '#core/current'
import { leafRow } from '#core/events'
import { newId } from '#core/ids'

/** What may happen to a person or to the installation, outside any tenant. */
export type AccountEvent =
  | 'user.registered'
  | 'user.changed'
  | 'user.suspended'
  | 'user.resumed'
  | 'email.verified'
  | 'password.changed'
  | 'password.reset_asked'
  | 'totp.enabled'
  | 'totp.disabled'
  | 'recovery_codes.made'
  | 'recovery_code.used'
  | 'session.started'
  | 'session.ended'
  | 'sessions.ended'
  | 'tenant.created'
  | 'tenant.suspended'
  | 'tenant.resumed'
  | 'staff.changed'

interface Happening {
  /** The person or thing that it happened to. */
  subjectType: 'user' | 'tenant' | 'installation'
  subjectId: string
  name: AccountEvent
  facts?: Record<string, unknown>
  /** Who did it; the current actor unless given. */
  actorId?: string | null
  /** How, where nobody is acting in a request: the console, for example. */
  via?: Via
}

/**
 * Writes what happened to a person to the account log. Give the transaction of the change, so that
 * there is no change without its line.
 */
export async function logAccount(
  { subjectType, subjectId, name, facts = {}, actorId, via }: Happening,
  trx?: TransactionClientContract
) {
  const who = current.peek()
  const row = leafRow({
    id: newId(),
    tenantId: null,
    occurredAt: new Date(),
    actorId: actorId === undefined ? (who?.userId ?? null) : actorId,
    via: via ?? who?.via ?? 'system',
    name: `core.${name}`,
    subjectType,
    subjectId,
    requestId: who?.requestId ?? null,
    payload: { facts },
  })
  await (trx ?? db.connection('login')).table('account_events').insert(row)
}
