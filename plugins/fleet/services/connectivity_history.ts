import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import type { Connectivity } from '../domain/connectivity.js'

/** A miner that came, went or said something else of itself. */
export interface ConnectivityChange {
  minerNo: number
  /** Milliseconds since 1970. */
  at: number
  was: Connectivity | null
  became: Connectivity
}

/** Keeps changes for the history of the miners. */
export async function recordChanges(tenantId: string, changes: readonly ConnectivityChange[]) {
  if (changes.length === 0) return
  await current.get().client.rawQuery(
    `insert into fleet_connectivity_changes (tenant_id, miner_no, at, was, became)
     select ?::uuid, * from unnest(?::integer[], ?::timestamptz[], ?::text[], ?::text[])
     on conflict do nothing`,
    [
      tenantId,
      plainArray(changes.map(({ minerNo }) => minerNo)),
      textArray(changes.map(({ at }) => new Date(at).toISOString())),
      textArray(changes.map(({ was }) => was)),
      textArray(changes.map(({ became }) => became)),
    ]
  )
}
