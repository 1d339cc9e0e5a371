import { current } from '#core/current'
import { newId } from '#core/ids'
import type { DiscoveryAnswer, DiscoveryReport, FoundMiner } from '#edge/protocol/messages'
import { isWithin, parseRange } from '#edge/protocol/ranges'
import Collector from '../models/collector.js'
import { acceptFound } from './accept.js'
import { adoptListed } from './adopt.js'
import { raiseAlarm } from './alarms.js'
import type { Caller } from './collector_auth.js'

type State = 'new' | 'accepted' | 'moved' | 'duplicate' | 'unknown' | 'ignored'

interface Known {
  miner_key: string
  state: string
  ip: string
  miner_id: string | null
}

/** Keeps what a scan found, and takes in what is new where the operator said so. */
export async function takeDiscovery(
  caller: Caller,
  report: DiscoveryReport,
  now: Date
): Promise<DiscoveryAnswer> {
  await keepScan(caller, report)
  const known = await knownHere(caller)
  const single = oneOfEach(report.found).filter(({ isTwin }) => !isTwin)
  await adoptListed(caller, single)
  const homes = await homesOf(caller, report.found)
  for (const machine of oneOfEach(report.found)) {
    const before = known.get(machine.miner)
    const state = stateOf(machine, before, homes)
    if (state === 'duplicate' && before?.state !== 'duplicate') await warnOfTwins(caller, machine)
    await keepFound(caller, report, { machine, state, minerId: homes.get(machine.miner)?.id, now })
  }
  await followMoves(caller, report.found)
  const collector = await Collector.named(caller.collectorId)
  if (collector.autoAccept) await acceptFound({ collectorId: caller.collectorId })
  if (!report.isPartial) await endScan(caller, report)
  return { accepted: await acceptedKeys(caller, report) }
}

const scanKeys = (caller: Caller, { scanId }: DiscoveryReport) => ({
  tenant_id: caller.tenantId,
  id: scanId,
})

async function keepScan(caller: Caller, report: DiscoveryReport) {
  await current
    .get()
    .client.table('fleet_scans')
    .insert({
      ...scanKeys(caller, report),
      site_id: caller.siteId,
      collector_id: caller.collectorId,
      started_at: new Date(report.startedAt),
      finished_at: new Date(report.finishedAt),
      addresses: report.addresses,
      found: report.found.length,
    })
    .onConflict(['tenant_id', 'id'])
    .merge({ finished_at: new Date(report.finishedAt), addresses: report.addresses })
}

async function knownHere({ tenantId, siteId }: Caller): Promise<Map<string, Known>> {
  const rows: Known[] = await current
    .get()
    .client.from('fleet_found')
    .where({ tenant_id: tenantId, site_id: siteId })
    .select('miner_key', 'state', 'ip', 'miner_id')
  return new Map(rows.map((row) => [row.miner_key, row]))
}

interface Home {
  id: string
  siteId: string
}

/** Where these machines stand by our books, at whichever site. */
async function homesOf({ tenantId, siteId }: Caller, found: readonly FoundMiner[]) {
  const rows = await current
    .get()
    .client.from('fleet_miners')
    .where('tenant_id', tenantId)
    // An address says who somebody is at its own site only.
    .whereRaw(`(site_id = ? or miner_key not like 'ip:%')`, [siteId])
    .whereRaw('miner_key = any(?::text[])', [found.map(({ miner }) => miner)])
    .whereNotIn('status', ['merged', 'retired'])
    .select('miner_key', 'id', 'site_id')
  const homes = new Map<string, Home & { isHere: boolean }>()
  for (const row of rows) {
    const isHere = row.site_id === siteId
    if (isHere || !homes.has(row.miner_key)) {
      homes.set(row.miner_key, { id: row.id, siteId: row.site_id, isHere })
    }
  }
  return homes
}

type Homes = Awaited<ReturnType<typeof homesOf>>

/** Two addresses with one identity: a cloned machine, or one that was read twice. */
function twinsIn(found: readonly FoundMiner[]) {
  const places = new Map<string, Set<string>>()
  for (const { miner, ip } of found) {
    places.set(miner, (places.get(miner) ?? new Set()).add(ip))
  }
  return places
}

function oneOfEach(found: readonly FoundMiner[]): (FoundMiner & { isTwin: boolean })[] {
  const places = twinsIn(found)
  return [...new Map(found.map((machine) => [machine.miner, machine])).values()].map((machine) => ({
    ...machine,
    isTwin: places.get(machine.miner)!.size > 1,
  }))
}

function stateOf(
  machine: FoundMiner & { isTwin: boolean },
  before: Known | undefined,
  homes: Homes
): State {
  if (before?.state === 'ignored') return 'ignored'
  const home = homes.get(machine.miner)
  if (machine.isTwin) return 'duplicate'
  if (home?.isHere) return 'accepted'
  if (home) return 'moved'
  return machine.make === null && machine.model === null ? 'unknown' : 'new'
}

interface Finding {
  machine: FoundMiner
  state: State
  minerId: string | undefined
  now: Date
}

async function keepFound(
  caller: Caller,
  report: DiscoveryReport,
  { machine, state, minerId, now }: Finding
) {
  const what = {
    collector_id: caller.collectorId,
    scan_id: report.scanId,
    ip: machine.ip,
    mac: machine.mac,
    serial_number: machine.serial,
    driver: machine.driver,
    evidence: machine.evidence,
    make: machine.make,
    model: machine.model,
    firmware_family: machine.firmwareFamily,
    firmware_version: machine.firmwareVersion,
    hostname: machine.hostname,
    state,
    miner_id: minerId ?? null,
    last_seen_at: now,
  }
  await current
    .get()
    .client.table('fleet_found')
    .insert({
      ...what,
      tenant_id: caller.tenantId,
      id: newId(),
      site_id: caller.siteId,
      miner_key: machine.miner,
      first_seen_at: now,
    })
    .onConflict(['tenant_id', 'site_id', 'miner_key'])
    .merge(what)
}

const warnOfTwins = (caller: Caller, { miner, ip }: FoundMiner) =>
  raiseAlarm({
    siteId: caller.siteId,
    collectorId: caller.collectorId,
    kind: 'duplicate_identity',
    facts: { miner, ip },
  })

/** A machine with another address than before is still the same machine. */
async function followMoves(
  { tenantId, siteId, collectorId }: Caller,
  found: readonly FoundMiner[]
) {
  await current.get().client.rawQuery(
    `update fleet_miners m set ip = t.ip, driver = t.driver, collector_id = ?, updated_at = now()
     from jsonb_to_recordset(?::jsonb) as t (miner text, ip text, driver text)
     where m.tenant_id = ? and m.site_id = ? and m.miner_key = t.miner
       and m.status not in ('merged', 'retired')
       and (m.ip <> t.ip or m.driver <> t.driver or m.collector_id <> ?)`,
    [collectorId, JSON.stringify(found), tenantId, siteId, collectorId]
  )
}

/** What the scan changed: for the report, and for the machines that were not there any more. */
async function endScan(caller: Caller, report: DiscoveryReport) {
  const { client } = current.get()
  const spans = await spansOf(caller, report)
  const missed = await client
    .from('fleet_found')
    .where({ tenant_id: caller.tenantId, collector_id: caller.collectorId, state: 'accepted' })
    .whereNot('scan_id', report.scanId)
    .select('id', 'ip')
  const gone = missed.filter(({ ip }) => isWithin(ip, spans)).map(({ id }) => id)
  if (gone.length > 0) {
    await client
      .from('fleet_found')
      .where('tenant_id', caller.tenantId)
      .whereIn('id', gone)
      .update({ state: 'gone' })
  }
  const counts = await client
    .from('fleet_found')
    .where({ tenant_id: caller.tenantId, scan_id: report.scanId })
    .groupBy('state')
    .select('state')
    .count('* as count')
  const states: Record<string, number> = Object.fromEntries(
    counts.map(({ state, count }) => [state, Number(count)])
  )
  const { new: _waiting, ...rest } = states
  const first = await firstSeen(caller, report)
  await client
    .from('fleet_scans')
    .where(scanKeys(caller, report))
    .update({
      found: Object.values(states).reduce((sum, count) => sum + count, 0),
      changes: JSON.stringify({
        ...rest,
        ...(first > 0 ? { new: first } : {}),
        gone: gone.length,
      }),
    })
}

/** How many this scan met and none before, whether somebody accepted them meanwhile or not. */
async function firstSeen({ tenantId }: Caller, { scanId }: DiscoveryReport): Promise<number> {
  const [row] = await current
    .get()
    .client.from('fleet_found')
    .where({ tenant_id: tenantId, scan_id: scanId })
    .whereIn('state', ['new', 'accepted'])
    .whereColumn('first_seen_at', 'last_seen_at')
    .count('* as count')
  return Number(row!.count)
}

/** Where the scan looked. */
async function spansOf({ tenantId, collectorId }: Caller, { rangeId }: DiscoveryReport) {
  const ranges = await current
    .get()
    .client.from('fleet_ranges')
    .where({ tenant_id: tenantId, collector_id: collectorId, ...(rangeId ? { id: rangeId } : {}) })
    .select('addresses')
  return ranges.flatMap(({ addresses }) => parseRange(addresses) ?? [])
}

async function acceptedKeys({ tenantId, siteId }: Caller, { found }: DiscoveryReport) {
  const rows = await current
    .get()
    .client.from('fleet_miners')
    .where({ tenant_id: tenantId, site_id: siteId })
    .whereRaw('miner_key = any(?::text[])', [found.map(({ miner }) => miner)])
    .whereNotIn('status', ['merged', 'retired'])
    .whereNotNull('driver')
    .select('miner_key')
  return rows.map(({ miner_key: key }) => key as string)
}
