import { asInstallation } from '#core/installation'
import type { Datum } from '../domain/data.js'

/** How the last refresh of a datum went. */
export interface RefreshState {
  datum: Datum
  finishedAt: Date | null
  outcome: string | null
  failingSince: Date | null
  note: Record<string, unknown> | null
}

interface Row {
  datum: Datum
  finished_at: Date | null
  outcome: string | null
  failing_since: Date | null
  note: Record<string, unknown> | null
}

const stateOf = (row: Row): RefreshState => ({
  datum: row.datum,
  finishedAt: row.finished_at,
  outcome: row.outcome,
  failingSince: row.failing_since,
  note: row.note,
})

export const refreshStates = async (): Promise<RefreshState[]> => {
  const rows = await asInstallation((trx) => trx.from('market_refreshes').select('*'))
  return (rows as Row[]).map(stateOf)
}

export async function refreshState(datum: Datum): Promise<RefreshState> {
  const found = (await refreshStates()).find((one) => one.datum === datum)
  return found ?? { datum, finishedAt: null, outcome: null, failingSince: null, note: null }
}
