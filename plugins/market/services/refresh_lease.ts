import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation } from '#core/installation'
import { newId } from '#core/ids'
import type { Datum } from '../domain/data.js'

/** Longer than a refresh may take: it stops asking after 25 s, and one question takes 8 s. */
const LEASE_MS = 45_000
export const REFRESH_BUDGET_MS = 25_000

export interface Lease {
  datum: Datum
  id: string
}

/**
 * Takes the right to refresh a datum: one process at a time, and none sooner than `pauseMs` after
 * the last refresh ended. The lease of a process that died runs out. Null when another has it.
 */
export async function claim(datum: Datum, now: Date, pauseMs: number): Promise<Lease | null> {
  const id = newId()
  const { rows } = await asInstallation((trx) =>
    trx.rawQuery(
      `update market_refreshes set lease_by = :id, lease_until = :until, started_at = :now
       where datum = :datum
         and (lease_until is null or lease_until <= :now)
         and (finished_at is null or finished_at <= :earliest)
       returning datum`,
      {
        datum,
        id,
        now: now.toISOString(),
        until: new Date(now.getTime() + LEASE_MS).toISOString(),
        earliest: new Date(now.getTime() - pauseMs).toISOString(),
      }
    )
  )
  return rows.length === 1 ? { datum, id } : null
}

/** How a refresh ended. */
export interface Ending {
  outcome: string
  /** Whether nothing new could be learned. */
  isFailure: boolean
  note?: Record<string, unknown>
}

export interface Ended {
  /** Since when nothing could be learned, before and after this refresh. */
  failingBefore: Date | null
  failingSince: Date | null
  outcomeBefore: string | null
}

/**
 * Writes what was learned and gives the lease back, in one transaction. Null, and nothing written,
 * when the lease was lost meanwhile: another process knows better.
 */
export const finish = (
  { datum, id }: Lease,
  now: Date,
  work: (trx: TransactionClientContract) => Promise<Ending>
): Promise<Ended | null> =>
  asInstallation(async (trx) => {
    const held = await trx
      .from('market_refreshes')
      .where({ datum, lease_by: id })
      .forUpdate()
      .select('failing_since', 'outcome')
      .first()
    if (!held) return null
    const { outcome, isFailure, note } = await work(trx)
    const failingBefore: Date | null = held.failing_since
    const failingSince = isFailure ? (failingBefore ?? now) : null
    await trx
      .from('market_refreshes')
      .where({ datum })
      .update({
        lease_by: null,
        lease_until: null,
        finished_at: now,
        outcome,
        failing_since: failingSince,
        ...(note ? { note: JSON.stringify(note) } : {}),
      })
    return { failingBefore, failingSince, outcomeBefore: held.outcome }
  })
