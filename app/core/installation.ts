import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { current, type Via } from '#core/current'
import { leafRow } from '#core/events'
import { newId } from '#core/ids'

/**
 * Writes what all tenants share (a catalogue, market series) in one transaction of the
 * installation. It has no right on tables of tenants.
 */
export const asInstallation = <T>(work: (trx: TransactionClientContract) => Promise<T>) =>
  db.connection('login').transaction(work)

/** Something that happened outside any tenant: to a person, a tenant as a whole, the installation. */
export interface InstallationEvent {
  subjectType: string
  subjectId: string
  /** In full: `market.series.imported`. */
  name: string
  facts?: Record<string, unknown>
  /** Who did it; the current actor unless given. */
  actorId?: string | null
  /** How, where nobody is acting in a request: the console, for example. */
  via?: Via
}

/** Writes its leaf in the transaction of the change: no change without its line. */
export async function trackInstallation(trx: TransactionClientContract, event: InstallationEvent) {
  const { subjectType, subjectId, name, facts = {}, actorId, via } = event
  const who = current.peek()
  const row = leafRow({
    id: newId(),
    tenantId: null,
    occurredAt: new Date(),
    actorId: actorId === undefined ? (who?.userId ?? null) : actorId,
    via: via ?? who?.via ?? 'system',
    name,
    subjectType,
    subjectId,
    requestId: who?.requestId ?? null,
    payload: { facts },
  })
  await trx.table('account_events').insert(row)
}
