import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Via } from '#core/current'
import { asInstallation, trackInstallation } from '#core/installation'

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
  | 'event.revived'

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
  const event = { subjectType, subjectId, name: `core.${name}`, facts, actorId, via }
  if (trx) return trackInstallation(trx, event)
  return asInstallation((own) => trackInstallation(own, event))
}
