import { current } from '#core/current'
import { EXPECTED } from './miners_table.js'
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

/**
 * Sums by what tells whether the newest sample says what a miner does now (IS_NOW); what follows
 * from that is worked out for these few groups, not for each miner. Single precision would lose
 * whole miners in sums of a large fleet.
 */
const PARTS = `
  with g as (
    select l.site_id, l.zone_id, l.connectivity as state, l.wattage_source as source,
      l.connectivity = 'maintenance' and l.answered_at > now() - interval '10 minutes' as is_fresh,
      count(*)::int as miners, sum(l.hashrate_ths::float8) as ths,
      sum(l.hashrate_ths::float8) filter (where ${EXPECTED} > 0) as done_ths,
      sum(${EXPECTED}) filter (where ${EXPECTED} > 0) as expected_ths,
      sum(${EXPECTED}) filter (where ${EXPECTED} > 0 and l.hashrate_ths is not null) as expected_said_ths,
      sum(l.wattage_w::float8) as watts, count(l.wattage_w)::int as watts_known,
      sum(l.hashrate_ths::float8) filter (where l.hashrate_ths > 0 and l.wattage_w > 0) as pair_ths,
      sum(l.wattage_w::float8) filter (where l.hashrate_ths > 0 and l.wattage_w > 0) as pair_watts,
      count(*) filter (where l.hashrate_ths > 0 and l.wattage_w > 0)::int as pairs,
      max(l.answered_at) as newest_at
    from fleet_telemetry_live l
    where l.tenant_id = ? and l.miner_status in ('active', 'maintenance')
    group by 1, 2, 3, 4, 5
  ), n as (
    select *, is_fresh or state in ('online', 'starting', 'tuning', 'paused') as is_now from g
  )
  select site_id, zone_id, state, case when is_now then source end as source, miners,
    case when is_now then ths end as ths,
    case when state = 'offline' then 0 * expected_ths when is_now then done_ths end as done_ths,
    case when state = 'offline' then expected_ths when is_now then expected_said_ths end as expected_ths,
    case when is_now then watts end as watts,
    case when is_now then watts_known else 0 end as watts_known,
    case when is_now then miners - watts_known else 0 end as watts_silent,
    case when is_now then pair_ths end as pair_ths, case when is_now then pair_watts end as pair_watts,
    case when is_now then pairs else 0 end as pairs, newest_at
  from n
  union all
  select site_id, zone_id, 'never', null, count(*)::int, null, null, null, null, 0, 0, null, null, 0, null
  from fleet_miners
  where tenant_id = ? and not is_seen and status in ('active', 'maintenance') group by 1, 2`

/** The fleet that the person sees, now, in few rows. */
export async function fleetParts(): Promise<Part[]> {
  const { rows } = await current
    .get()
    .client.rawQuery(PARTS, [current.tenantId(), current.tenantId()])
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
