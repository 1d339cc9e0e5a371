import { current } from '#core/current'
import type { Row } from '#core/table'
import type { SafetyEvent, SafetyReport } from '#edge/protocol/safety'
import plugin from '../plugin.js'
import { raiseAlarm } from './alarms.js'
import type { Caller } from './collector_auth.js'

const SHOWN = 25

/** Keeps what a collector did by itself, each thing once. */
export async function takeSafetyEvents(caller: Caller, { events }: SafetyReport) {
  for (const event of events) if (await isNews(caller, event)) await tell(caller, event)
  return { taken: events.length }
}

async function isNews(caller: Caller, event: SafetyEvent): Promise<boolean> {
  const rows = await current
    .get()
    .client.table('fleet_safety_events')
    .insert({
      tenant_id: caller.tenantId,
      id: event.id,
      site_id: caller.siteId,
      collector_id: caller.collectorId,
      at: new Date(event.at),
      miner_key: event.miner,
      ip: event.ip,
      action: event.action,
      outcome: event.outcome,
      temp_c: event.tempC,
      detail: event.detail,
    })
    .onConflict(['tenant_id', 'id'])
    .ignore()
    .returning('id')
  return rows.length > 0
}

async function tell({ siteId, collectorId }: Caller, event: SafetyEvent) {
  const { miner, ip, action, outcome } = event
  const subject = { id: event.id, type: 'fleet_safety_events' }
  await plugin.track(subject, 'safety.acted', { miner, action, outcome })
  const isAlarm = outcome === 'refused' || outcome === 'not_done'
  const kind = isAlarm ? 'safety_failed' : action === 'pause' ? 'safety_slept' : null
  if (kind) await raiseAlarm({ siteId, kind, collectorId, facts: { miner, ip } })
}

/** The newest things that it did. */
export const safetyEventsOf = (collectorId: string): Promise<Row[]> =>
  current
    .get()
    .client.from('fleet_safety_events')
    .where({ tenant_id: current.tenantId(), collector_id: collectorId })
    .orderBy('at', 'desc')
    .limit(SHOWN)
    .select('at', 'miner_key', 'ip', 'action', 'outcome', 'temp_c', 'detail') as unknown as Promise<
    Row[]
  >
