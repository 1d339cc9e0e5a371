import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import { tellLive } from '#core/live'
import { type Connectivity, connectivityOf, isCollectorDown } from '../domain/connectivity.js'
import { STATES } from '#edge/protocol/record'
import { raiseAlarm } from './alarms.js'
import { recordChanges } from './connectivity_history.js'

const AT_A_TIME = 5000

/**
 * Finds miners whose answer to "is it online?" changed by time alone, since nobody sends a sample
 * to say that there is none. Gives how many changed. Runs inside a tenant.
 */
export async function sweepConnectivity(now: Date): Promise<number> {
  await noteSilentCollectors(now)
  let changed = 0
  let after = 0
  for (;;) {
    const rows = await candidates(after, now)
    changed += await settle(rows, now)
    if (rows.length < AT_A_TIME) break
    after = rows.at(-1)!.miner_no
  }
  if (changed > 0) tellLive('fleet.miner.view')
  return changed
}

async function noteSilentCollectors(now: Date) {
  const { client } = current.get()
  const rows = await client
    .from('fleet_collectors')
    .where({ tenant_id: current.tenantId(), is_down: false })
    .whereNull('revoked_at')
    .whereNotNull('seen_at')
    .select('id', 'site_id', 'name', 'seen_at')
  for (const { id, site_id: siteId, name, seen_at: seenAt } of rows) {
    if (!isCollectorDown(seenAt.getTime(), now.getTime())) continue
    await client
      .from('fleet_collectors')
      .where({ tenant_id: current.tenantId(), id })
      .update({ is_down: true })
    await raiseAlarm({
      siteId,
      collectorId: id,
      kind: 'collector_down',
      facts: { collector: name },
    })
  }
}

interface Candidate {
  miner_no: number
  answered_at: Date | null
  state: number
  connectivity: Connectivity
  status: string
  poll_seconds: number
  seen_at: Date | null
}

/** Those that were silent for a while, or are (no longer) in maintenance; not what stays as it is. */
async function candidates(after: number, now: Date): Promise<Candidate[]> {
  const { rows } = await current.get().client.rawQuery(
    `select l.miner_no, l.answered_at, l.state, l.connectivity, m.status, c.poll_seconds, c.seen_at
     from fleet_telemetry_live l
     join fleet_miners m on m.tenant_id = l.tenant_id and m.no = l.miner_no
     join fleet_collectors c on c.tenant_id = m.tenant_id and c.id = m.collector_id
     where l.tenant_id = ? and l.miner_no > ? and m.status in ('active', 'maintenance')
       and ((m.status = 'maintenance') <> (l.connectivity = 'maintenance')
         or (m.status = 'active'
           and (l.answered_at is null or l.answered_at < ?::timestamptz - make_interval(secs => 2 * c.poll_seconds))
           and not (l.connectivity = 'offline' and not c.is_down)
           and not (l.connectivity = 'collector_down' and c.is_down)))
     order by l.miner_no limit ${AT_A_TIME}`,
    [current.tenantId(), after, now]
  )
  return rows
}

async function settle(rows: readonly Candidate[], now: Date): Promise<number> {
  const fresh = rows.flatMap((row) => {
    const became = connectivityOf({
      now: now.getTime(),
      answeredAt: row.answered_at?.getTime() ?? null,
      state: STATES[row.state] ?? 'unknown',
      intervalMs: row.poll_seconds * 1000,
      collectorSeenAt: row.seen_at?.getTime() ?? null,
      isMaintenance: row.status === 'maintenance',
    })
    return became === row.connectivity ? [] : [{ ...row, became }]
  })
  if (fresh.length === 0) return 0
  const tenantId = current.tenantId()
  // Only where no sample came in between: that one knew better.
  const { rows: changed } = await current.get().client.rawQuery(
    `update fleet_telemetry_live l set connectivity = t.became, connectivity_since = ?::timestamptz
     from unnest(?::integer[], ?::text[], ?::text[]) as t (no, was, became)
     where l.tenant_id = ? and l.miner_no = t.no and l.connectivity = t.was
     returning l.miner_no`,
    [
      now,
      plainArray(fresh.map(({ miner_no: no }) => no)),
      textArray(fresh.map(({ connectivity }) => connectivity)),
      textArray(fresh.map(({ became }) => became)),
      tenantId,
    ]
  )
  const done = new Set(changed.map(({ miner_no: no }: { miner_no: number }) => no))
  await recordChanges(
    tenantId,
    fresh
      .filter(({ miner_no: no }) => done.has(no))
      .map(({ miner_no: minerNo, connectivity: was, became }) => {
        return { minerNo, at: now.getTime(), was, became }
      })
  )
  return done.size
}
