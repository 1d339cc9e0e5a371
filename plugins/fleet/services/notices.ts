import { current } from '#core/current'
import { NOTICE_KINDS, type Notice } from '#edge/protocol/notices'
import { clearAlarms, raiseAlarm } from './alarms.js'
import type { Caller } from './collector_auth.js'

/**
 * An alarm when a collector begins to have a trouble with itself, and its end when it says no more
 * of it. One that somebody has marked as seen does not come back with the next heartbeat.
 */
export async function hearNotices(caller: Caller, notices: readonly Notice[]) {
  const { siteId, collectorId } = caller
  const before = await knownOf(caller)
  for (const kind of NOTICE_KINDS) {
    const notice = notices.find((one) => one.kind === kind)
    const alarm = `collector_${kind}`
    if (!notice && before.has(kind)) await clearAlarms({ kind: alarm, collector_id: collectorId })
    if (!notice || before.has(kind)) continue
    await raiseAlarm({ siteId, kind: alarm, collectorId, facts: { detail: notice.detail } })
  }
}

async function knownOf({ tenantId, collectorId: id }: Caller): Promise<Set<string>> {
  const row: { notices: Notice[] } = await current
    .get()
    .client.from('fleet_collectors')
    .where({ tenant_id: tenantId, id })
    .select('notices')
    .first()
  return new Set(row.notices.map(({ kind }) => kind))
}
