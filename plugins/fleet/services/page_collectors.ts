import { current } from '#core/current'
import type { Row } from '#core/table'
import { isCollectorDown } from '../domain/connectivity.js'
import Collector from '../models/collector.js'
import { collectorPackage } from './collector_package.js'
import { safetyEventsOf } from './safety_events.js'
import { safetyOf } from './safety_policies.js'
import { isBack } from './updates.js'
import { sizeOf, parseRange } from '#edge/protocol/ranges'

/** Clocks apart by more than this are shown as wrong. */
const SKEW_MS = 60_000
const SCANS = 15
const QUARANTINE = 25

const rowsOf = (table: string) =>
  current.get().client.from(table).where(`${table}.tenant_id`, current.tenantId())

export type Health = 'revoked' | 'never' | 'down' | 'behind' | 'skewed' | 'well'

export const HEALTH_KINDS: Record<Health, string> = {
  revoked: 'neutral',
  never: 'info',
  down: 'bad',
  behind: 'warn',
  skewed: 'warn',
  well: 'good',
}

/** Data older than this waits at the collector: it is filling in an outage. */
const BEHIND_MS = 300_000

/** How a collector is, in one word; the first that is wrong counts. */
export function healthOf(collector: Collector, now = Date.now()): Health {
  if (collector.revokedAt) return 'revoked'
  if (!collector.seenAt) return 'never'
  if (isCollectorDown(collector.seenAt.toMillis(), now)) return 'down'
  if (lagOf(collector, now) > BEHIND_MS) return 'behind'
  return Math.abs(collector.offsetMs ?? 0) > SKEW_MS ? 'skewed' : 'well'
}

/** Milliseconds that the oldest sample has been waiting at the collector. */
export const lagOf = ({ queueOldestAt }: Collector, now = Date.now()) =>
  queueOldestAt ? Math.max(0, now - queueOldestAt.toMillis()) : 0

/** Where it stands with the version that was ordered. */
function versionOf(collector: Collector, available: string) {
  const isCurrent = collector.version === available
  const state = isCurrent ? 'good' : collector.updateWaitsFor ? 'waits' : orderState(collector)
  return { available, isCurrent, state, kind: VERSION_KINDS[state] ?? 'info' }
}

const orderState = ({ updateVersion, updateState }: Collector) =>
  updateVersion === null ? 'old' : (updateState ?? 'asked')

const VERSION_KINDS: Record<string, string> = { good: 'good', failed: 'bad', old: 'warn' }

const toView = (collector: Collector, sites: Map<string, string>, available: string) => ({
  collector,
  version: versionOf(collector, available),
  site: sites.get(collector.siteId) ?? null,
  health: healthOf(collector),
  lagSeconds: collector.seenAt ? Math.round(lagOf(collector) / 1000) : null,
  hasOldConfig: collector.configSeen < collector.configVersion,
})

async function siteNames() {
  const rows = await rowsOf('sites').select('id', 'name')
  return new Map(rows.map(({ id, name }) => [id as string, name as string]))
}

/** All collectors: those that work first, by site and name. */
export async function collectorList() {
  const sites = await siteNames()
  const { version } = await collectorPackage()
  const all: Collector[] = await Collector.query().orderBy('name')
  return all
    .map((one) => toView(one, sites, version))
    .sort((a, b) => Number(a.health === 'revoked') - Number(b.health === 'revoked'))
}

/** Codes that were given out and wait for a machine. */
export const openInvitations = (): Promise<Row[]> =>
  rowsOf('fleet_enrolment_codes')
    .leftJoin('sites as s', (join) =>
      join
        .on('s.tenant_id', 'fleet_enrolment_codes.tenant_id')
        .on('s.id', 'fleet_enrolment_codes.site_id')
    )
    .whereNull('used_at')
    .where('expires_at', '>', new Date())
    .orderBy('expires_at')
    .select('fleet_enrolment_codes.id', 'fleet_enrolment_codes.name', 'expires_at')
    .select({ site: 's.name' }) as unknown as Promise<Row[]>

/** Where it may look. */
async function rangesOf(collectorId: string) {
  const rows = await rowsOf('fleet_ranges')
    .leftJoin('zones as z', (join) =>
      join.on('z.tenant_id', 'fleet_ranges.tenant_id').on('z.id', 'fleet_ranges.zone_id')
    )
    .where('collector_id', collectorId)
    .orderBy('fleet_ranges.created_at')
    .select('fleet_ranges.id', 'addresses', 'ports')
    .select({ zone: 'z.name' })
  return rows.map(({ ports, ...row }) => {
    const span = parseRange(row.addresses)
    return {
      ...row,
      size: span ? sizeOf(span) : null,
      ports: Object.entries((ports ?? {}) as Record<string, unknown>).filter(([, value]) => value),
    }
  })
}

/** Its newest scans with what each changed. */
export const scansOf = (collectorId?: string): Promise<Row[]> => {
  const query = rowsOf('fleet_scans')
    .leftJoin('fleet_collectors as o', (join) =>
      join.on('o.tenant_id', 'fleet_scans.tenant_id').on('o.id', 'fleet_scans.collector_id')
    )
    .orderBy('fleet_scans.started_at', 'desc')
    .limit(SCANS)
    .select(
      'fleet_scans.id',
      'fleet_scans.started_at',
      'finished_at',
      'addresses',
      'found',
      'changes'
    )
    .select({ collector: 'o.name' })
  if (collectorId) query.where('fleet_scans.collector_id', collectorId)
  return query as unknown as Promise<Row[]>
}

const quarantineOf = (collectorId: string): Promise<Row[]> =>
  rowsOf('fleet_quarantine')
    .where('collector_id', collectorId)
    .orderBy('received_at', 'desc')
    .limit(QUARANTINE)
    .select('received_at', 'miner_key', 'field', 'reason', 'seq', 'index') as unknown as Promise<
    Row[]
  >

/** Everything on the page of a collector. */
export async function collectorPage(collector: Collector) {
  const { version } = await collectorPackage()
  const all: Collector[] = await Collector.query().whereNull('revoked_at')
  const view = toView(collector, await siteNames(), version)
  return {
    ...view,
    version: {
      ...view.version,
      isBack: isBack(version, collector),
      first: all.find(({ id }) => id === collector.updateWaitsFor)?.name ?? null,
      others: all.filter((one) => one.id !== collector.id && one.version !== version).length,
    },
    safety: {
      policy: await safetyOf(collector.siteId),
      events: await safetyEventsOf(collector.id),
    },
    ranges: await rangesOf(collector.id),
    scans: await scansOf(collector.id),
    quarantine: await quarantineOf(collector.id),
  }
}
