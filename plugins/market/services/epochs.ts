import { current } from '#core/current'
import {
  epochState,
  type EpochState,
  epochWithoutHeight,
  timeBetween,
} from '../domain/epoch_state.js'
import { halvingCountdown, type HalvingCountdown } from '../domain/halving_estimate.js'
import { BLOCKS_PER_EPOCH } from '../domain/parse_epoch.js'
import type { StoredValue } from './stored_values.js'

/** What the chain's state is read from: the newest block height, or the newest stored epoch. */
export interface ChainFigures {
  epoch: (EpochState & { basis: 'height' | 'table'; source: string }) | null
  /** Newest height that is certain: the block seen last, or the first one of the newest epoch. */
  height: number | null
  halving: HalvingCountdown | null
}

interface FactsRow {
  newest_epoch: number | null
  newest_source: string | null
  newest_at: Date | null
  first_block_at: Date | null
  below_height: number | null
  below_at: Date | null
  above_height: number | null
  above_at: Date | null
}

/** All that one needs beside the height: the newest epoch, and when the current one began. */
const FACTS = `
  with newest as (select epoch, source, first_block_at from market_epochs order by epoch desc limit 1),
  below as (select value::int as height, at from market_points where series = 'block_height'
    and value < :first and at > cast(:seen as timestamptz) - interval '60 days' and at <= :seen
    order by at desc limit 1),
  above as (select value::int as height, at from market_points where series = 'block_height'
    and value >= :first and at > (select at from below) and at <= :seen order by at limit 1)
  select newest.epoch as newest_epoch, newest.source as newest_source,
    newest.first_block_at as newest_at,
    (select first_block_at from market_epochs where epoch = :epoch) as first_block_at,
    below.height as below_height, below.at as below_at,
    above.height as above_height, above.at as above_at
  from (select 1) as always left join newest on true left join below on true left join above on true`

const BEFORE_ALL = new Date(0)

/** The state of the chain by the given newest height (from `latestValues`) and the stored epochs. */
export async function chainFigures(
  seen: StoredValue | undefined,
  now: Date
): Promise<ChainFigures> {
  const height = seen ? Math.floor(seen.value) : null
  const epoch = height === null ? -1 : Math.floor(height / BLOCKS_PER_EPOCH)
  const { rows } = await current.get().client.rawQuery(FACTS, {
    first: Math.max(0, epoch) * BLOCKS_PER_EPOCH,
    seen: seen ? new Date(seen.at) : BEFORE_ALL,
    epoch,
  })
  const [facts] = rows as [FactsRow]
  if (height === null || (facts.newest_epoch ?? -1) > epoch) return byTable(facts)
  const heightAt = new Date(seen!.at)
  const state = epochState({ height, heightAt, firstBlockAt: beganAt(facts, epoch) }, now)
  return {
    epoch: { ...state, basis: 'height', source: seen!.source },
    height,
    halving: halvingCountdown(height, heightAt),
  }
}

/** The chain's own time, else what lies between two sightings of the height. */
function beganAt(facts: FactsRow, epoch: number): Date | null {
  if (facts.first_block_at) return facts.first_block_at
  const { below_height: below, below_at, above_height: above, above_at } = facts
  return timeBetween(
    epoch * BLOCKS_PER_EPOCH,
    below === null ? null : { height: below, at: below_at! },
    above === null ? null : { height: above, at: above_at! }
  )
}

function byTable({ newest_epoch: epoch, newest_source, newest_at }: FactsRow): ChainFigures {
  if (epoch === null) return { epoch: null, height: null, halving: null }
  return {
    epoch: { ...epochWithoutHeight(epoch, newest_at), basis: 'table', source: newest_source! },
    height: epoch * BLOCKS_PER_EPOCH,
    halving: null,
  }
}

export interface RetargetRow {
  epoch: number
  firstHeight: number
  bits: number
  difficulty: number
  firstBlockAt: Date | null
  /** Change against the epoch before, in %; null for the first one that is stored. */
  changePct: number | null
  /** Mean minutes between its blocks; null when its begin or its end is not stored. */
  minutesPerBlock: number | null
  source: string
}

/** Stored epochs with what the retarget before them changed, as a table to select from. */
export const EPOCH_ROWS = `(
  select epoch, first_height, bits, difficulty, first_block_at, source,
    case when lag(epoch) over w = epoch - 1
      then (difficulty / lag(difficulty) over w - 1) * 100 end as change_pct,
    case when lead(epoch) over w = epoch + 1
      then extract(epoch from lead(first_block_at) over w - first_block_at)::float8 / 60 / ${BLOCKS_PER_EPOCH}
    end as minutes_per_block
  from market_epochs window w as (order by epoch)) as epochs`

/** The newest `limit` epochs below `before`, newest first. */
export async function retargets(limit: number, before: number | null = null) {
  const { rows } = await current.get().client.rawQuery(
    `select epoch, first_height as "firstHeight", bits, difficulty, first_block_at as "firstBlockAt",
       change_pct as "changePct", minutes_per_block as "minutesPerBlock", source
     from ${EPOCH_ROWS} where epoch < :before order by epoch desc limit :limit`,
    { before: before ?? 2_147_483_647, limit }
  )
  return rows as RetargetRow[]
}

/** Number of the newest stored epoch, or null. */
export async function newestEpoch(): Promise<number | null> {
  const { rows } = await current
    .get()
    .client.rawQuery('select max(epoch) as epoch from market_epochs')
  return (rows as [{ epoch: number | null }])[0].epoch
}
