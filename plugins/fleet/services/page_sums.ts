import { current } from '#core/current'
import { EXPECTED, IS_NOW } from './miners_table.js'
import { ANSWERING, ON_PURPOSE } from './page_states.js'
import { WATTAGE_SOURCES } from './codes.js'

/** Miners of one zone that are in one state and say their power in one way. */
export interface Part {
  site_id: string
  zone_id: string | null
  state: string
  source: number | null
  miners: number
  /** TH/s of those that say it. */
  ths: number | null
  /** Of miners that should hash: what they do, and what they should. */
  done_ths: number | null
  expected_ths: number | null
  watts: number | null
  watts_known: number
  /** Of those that answer now. */
  watts_silent: number
  /** Of miners that say both, for the efficiency. */
  pair_ths: number | null
  pair_watts: number | null
  pairs: number
  newest_at: Date | null
}

/** What is compared with what was expected: who is off does nothing, of who is silent nobody knows. */
const IS_COMPARED = `${EXPECTED} > 0
  and (l.connectivity = 'offline' or (${IS_NOW} and l.hashrate_ths is not null))`

const PARTS = `
  select m.site_id, m.zone_id, coalesce(l.connectivity, 'never') as state,
    case when ${IS_NOW} then l.wattage_source end as source, count(*)::int as miners,
    sum(l.hashrate_ths) filter (where ${IS_NOW}) as ths,
    sum(case when l.connectivity = 'offline' then 0 else l.hashrate_ths end) filter (where ${IS_COMPARED}) as done_ths,
    sum(${EXPECTED}) filter (where ${IS_COMPARED}) as expected_ths,
    sum(l.wattage_w) filter (where ${IS_NOW}) as watts,
    count(l.wattage_w) filter (where ${IS_NOW})::int as watts_known,
    count(*) filter (where ${IS_NOW} and l.wattage_w is null)::int as watts_silent,
    sum(l.hashrate_ths) filter (where ${IS_NOW} and l.hashrate_ths > 0 and l.wattage_w > 0) as pair_ths,
    sum(l.wattage_w) filter (where ${IS_NOW} and l.hashrate_ths > 0 and l.wattage_w > 0) as pair_watts,
    count(*) filter (where ${IS_NOW} and l.hashrate_ths > 0 and l.wattage_w > 0)::int as pairs,
    max(l.answered_at) as newest_at
  from fleet_miners m
  left join fleet_telemetry_live l on l.tenant_id = m.tenant_id and l.miner_no = m.no
  where m.tenant_id = ? and m.status in ('active', 'maintenance')
  group by 1, 2, 3, 4`

/** The fleet that the person sees, now, in few rows. */
export async function fleetParts(): Promise<Part[]> {
  const { rows } = await current.get().client.rawQuery(PARTS, [current.tenantId()])
  return rows
}

/** Where power figures come from, and how much of the power they are. */
export interface PowerShare {
  source: string
  watts: number
  pct: number
}

export interface Sum {
  miners: number
  states: Record<string, number>
  ths: number | null
  expectedThs: number | null
  /** Of what miners that should hash are expected to do. */
  pct: number | null
  watts: number | null
  wattsKnown: number
  /** Miners that answer and do not say it: the sum is without them. */
  wattsSilent: number
  mix: PowerShare[]
  jth: number | null
  pairs: number
  /** Of those whose state is known, but for those that somebody works on. */
  onlinePct: number | null
  /** The same of those that answer, whatever they do. */
  answeringPct: number | null
  newestAt: Date | null
}

type Numbers = {
  [K in keyof Part]: Part[K] extends number | null ? K : never
}[keyof Part]

/** Null when no part knows it: a sum of nothing is not 0. */
function total(parts: readonly Part[], key: Numbers): number | null {
  const known = parts.flatMap((part) => part[key] ?? [])
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0)
}

const share = (part: number | null, whole: number | null) =>
  part === null || !whole ? null : (100 * part) / whole

const UNATTENDED = ['maintenance', 'collector_down', 'never']

/** Adds up parts of the fleet. */
export function sumOf(parts: readonly Part[]): Sum {
  const states: Record<string, number> = {}
  for (const { state, miners } of parts) states[state] = (states[state] ?? 0) + miners
  const wanted = parts.filter(({ state }) => !ON_PURPOSE.includes(state as never))
  const miners = total(parts, 'miners') ?? 0
  const attended = UNATTENDED.reduce((left, state) => left - (states[state] ?? 0), miners)
  const watts = total(parts, 'watts')
  const pairThs = total(parts, 'pair_ths')
  return {
    miners,
    states,
    ths: total(parts, 'ths'),
    expectedThs: total(wanted, 'expected_ths'),
    pct: share(total(wanted, 'done_ths'), total(wanted, 'expected_ths')),
    watts,
    wattsKnown: total(parts, 'watts_known') ?? 0,
    wattsSilent: total(parts, 'watts_silent') ?? 0,
    mix: mixOf(parts, watts),
    jth: pairThs ? total(parts, 'pair_watts')! / pairThs : null,
    pairs: total(parts, 'pairs') ?? 0,
    onlinePct: share(states.online ?? 0, attended),
    answeringPct: share(
      ANSWERING.reduce((sum, state) => sum + (states[state] ?? 0), 0),
      attended
    ),
    newestAt: newestOf(parts),
  }
}

function newestOf(parts: readonly Part[]): Date | null {
  const times = parts.flatMap(({ newest_at: at }) => at?.getTime() ?? [])
  return times.length > 0 ? new Date(Math.max(...times)) : null
}

function mixOf(parts: readonly Part[], watts: number | null): PowerShare[] {
  const names = [...WATTAGE_SOURCES, 'unnamed']
  return names.flatMap((source, code) => {
    const of = parts.filter((part) => (part.source ?? WATTAGE_SOURCES.length) === code)
    const sum = total(of, 'watts')
    return sum ? [{ source, watts: sum, pct: share(sum, watts) ?? 0 }] : []
  })
}
