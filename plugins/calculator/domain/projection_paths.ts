import { BLOCKS_PER_DAY } from '#core/chain/sats_per_day'
import { HALVING_INTERVAL_BLOCKS, subsidySats } from '#core/chain/subsidy_sats'
import { feesOf } from './fee_rule.js'
import { paidFeesSats } from './pool_scheme.js'
import { pricesOf } from './price_path.js'
import type { ProjectionInput } from './projection_input.js'

const BLOCKS_PER_EPOCH = 2016

/** What the world is like at the start of every day. */
export interface Paths {
  difficulty: Float64Array
  /** Subsidy and fees of a block as the pool pays them, before its fee. */
  rewardSats: Float64Array
  btcUsd: Float64Array
}

type Chain = Pick<ProjectionInput, 'startHeight' | 'difficulty' | 'epochGrowthPct'>

/** Height at the start of a day: 144 blocks a day. */
export const heightOn = ({ startHeight }: Chain, day: number) => startHeight + BLOCKS_PER_DAY * day

/** First day that starts at this height or above it. */
export const dayOf = ({ startHeight }: Chain, height: number) =>
  Math.ceil((height - startHeight) / BLOCKS_PER_DAY)

const epochOf = (height: number) => Math.floor(height / BLOCKS_PER_EPOCH)

/** The difficulty grows at every retarget height that has been passed since the start. */
export function difficultyAt(chain: Chain, height: number): number {
  const epochs = epochOf(height) - epochOf(chain.startHeight)
  return chain.difficulty * (1 + chain.epochGrowthPct / 100) ** epochs
}

/** Numerics 02, convention `simulation`: height, difficulty and subsidy as at the day's start. */
export function pathsOf(input: ProjectionInput): Paths {
  const difficulty = new Float64Array(input.days)
  const rewardSats = new Float64Array(input.days)
  let [epoch, era] = [-1, -1]
  let [nowDifficulty, nowReward] = [0, 0]
  for (let day = 0; day < input.days; day++) {
    const height = heightOn(input, day)
    if (epochOf(height) !== epoch) {
      epoch = epochOf(height)
      nowDifficulty = difficultyAt(input, height)
    }
    if (Math.floor(height / HALVING_INTERVAL_BLOCKS) !== era) {
      era = Math.floor(height / HALVING_INTERVAL_BLOCKS)
      nowReward = rewardAt(input, height)
    }
    difficulty[day] = nowDifficulty
    rewardSats[day] = nowReward
  }
  return { difficulty, rewardSats, btcUsd: pricesOf(input.pricePath, input.btcUsd, input.days) }
}

/** What the pool pays for a block at this height in the mean, before its fee. */
export function rewardAt(input: ProjectionInput, height: number): number {
  const subsidy = Number(subsidySats(height))
  return subsidy + paidFeesSats(input.poolScheme, feesOf(input.fees, subsidy))
}
