import { plainArray } from '#core/bulk'
import { current } from '#core/current'
import type { Hashboard, Pool } from '#edge/protocol/record'
import { type Detail, knownDetail } from '#edge/protocol/sample'
import { raiseAlarm } from './alarms.js'
import { recordBoards } from './board_layer.js'
import type { Caller } from './collector_auth.js'
import { type GoodSample, newestOfEach } from './ingest_check.js'

/** Columns of a miner that its own answers fill; null says nothing and changes nothing. */
const SAID = [
  ['mac', 'text'],
  ['hostname', 'text'],
  ['make', 'text'],
  ['model', 'text'],
  ['model_raw', 'text'],
  ['firmware_family', 'text'],
  ['firmware_version', 'text'],
  ['control_board', 'text'],
  ['serial_number', 'text'],
  ['psu_serial_number', 'text'],
  ['algorithm', 'text'],
  ['nameplate_hashrate_ths', 'double precision'],
] as const satisfies readonly (readonly [keyof Detail, string])[]

const SET = SAID.map(([name]) => `${name} = coalesce(t.${name}, m.${name})`).join(', ')
const TYPED = SAID.map(([name, type]) => `${name} ${type}`).join(', ')

const UPDATE_MINERS = `
  update fleet_miners m set ${SET}, ip = t.ip, detail = t.detail, detail_at = t.at, updated_at = now()
  from jsonb_to_recordset(?::jsonb) as t (no integer, ip text, at timestamptz, detail jsonb, ${TYPED})
  where m.tenant_id = ? and m.no = t.no and (m.detail_at is null or m.detail_at < t.at)`

const UPDATE_LIVE = `
  update fleet_telemetry_live l set pool_url = t.pool_url, pool_user = t.pool_user,
    boards_expected = t.boards_expected, boards_active = t.boards_active,
    chips_working = t.chips_working, faults = t.faults
  from jsonb_to_recordset(?::jsonb) as t (no integer, at timestamptz, pool_url text, pool_user text,
    boards_expected smallint, boards_active smallint, chips_working integer, faults smallint)
  where l.tenant_id = ? and l.miner_no = t.no and l.at <= t.at`

interface Detailed extends GoodSample {
  detail: Detail
}

/**
 * Whoever changes a miner holds it first and its live row then; so does ingest, where details will
 * change miners. Two orders would let one of them end in a deadlock.
 */
export async function holdMiners({ tenantId }: Caller, rows: readonly GoodSample[]) {
  const nos = rows.flatMap(({ miner, sample }) => (sample.detail ? [miner.no] : []))
  if (nos.length === 0) return
  await current.get().client.rawQuery(
    `select from fleet_miners where tenant_id = ? and no = any(?::integer[])
     order by no for no key update`,
    [tenantId, plainArray(nos)]
  )
}

/** Keeps boards, pools, faults and what a miner is, from the samples that carry them. */
export async function keepDetails(caller: Caller, rows: readonly GoodSample[]) {
  const detailed = rows.flatMap((row) =>
    row.sample.detail ? [{ ...row, detail: knownDetail(row.sample.detail) } satisfies Detailed] : []
  )
  if (detailed.length === 0) return
  await recordBoards(
    detailed.flatMap(({ miner, at, detail }) =>
      detail.hashboards ? [{ minerNo: miner.no, at: new Date(at), boards: detail.hashboards }] : []
    )
  )
  const newest = newestOfEach(detailed)
  await warnOfPools(caller, newest)
  const { client } = current.get()
  await client.rawQuery(UPDATE_MINERS, [JSON.stringify(newest.map(minerRow)), caller.tenantId])
  await client.rawQuery(UPDATE_LIVE, [JSON.stringify(newest.map(liveRow)), caller.tenantId])
}

const minerRow = ({ miner, at, sample, detail }: Detailed) => ({
  no: miner.no,
  ip: sample.ip,
  at: new Date(at).toISOString(),
  detail,
  ...Object.fromEntries(SAID.map(([name]) => [name, detail[name]])),
})

/** The pool that the miner works for now, as far as it says so. */
export const poolInUse = (pools: readonly Pool[] | null): Pool | undefined =>
  pools?.find(({ active }) => active === true) ?? pools?.find(({ alive }) => alive === true)

/** What lists of miners show without opening the detail. */
function liveRow({ miner, at, detail }: Detailed) {
  const pool = poolInUse(detail.pools)
  return {
    no: miner.no,
    at: new Date(at).toISOString(),
    pool_url: pool?.url ?? null,
    pool_user: pool?.user ?? null,
    ...boardCounts(detail.hashboards),
    faults: detail.errors?.filter(({ severity }) => severity !== 'info').length ?? null,
  }
}

/** How many boards there are, run, and how many chips work; null where nobody said. */
function boardCounts(boards: readonly Hashboard[] | null) {
  if (!boards) return { boards_expected: null, boards_active: null, chips_working: null }
  const chips = boards.flatMap(({ chips_working: working }) => working ?? [])
  const running = boards.filter(({ present, active }) => present && active !== false)
  return {
    boards_expected: boards.length,
    boards_active: running.length,
    chips_working: chips.length > 0 ? chips.reduce((sum, one) => sum + one, 0) : null,
  }
}

/** A miner that works for another pool than before may work for somebody else. */
async function warnOfPools(caller: Caller, rows: readonly Detailed[]) {
  const asked = new Map(
    rows.flatMap((row) => {
      const url = poolInUse(row.detail.pools)?.url
      return url ? [[row.miner.no, { row, url }] as const] : []
    })
  )
  if (asked.size === 0) return
  const before = await current
    .get()
    .client.from('fleet_telemetry_live')
    .where('tenant_id', caller.tenantId)
    .whereIn('miner_no', [...asked.keys()])
    .whereNotNull('pool_url')
    .select('miner_no', 'pool_url', 'at')
  for (const { miner_no: no, pool_url: was } of before) {
    const { row, url } = asked.get(no)!
    if (url === was) continue
    await raiseAlarm({
      siteId: caller.siteId,
      collectorId: caller.collectorId,
      minerId: row.miner.id,
      kind: 'pool_changed',
      facts: { no, was, became: url },
    })
  }
}
