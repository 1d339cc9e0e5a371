import { CalculationError } from '#core/maths/calculation_error'
import { checkInteger } from '#core/maths/check'

const BLOCKS_PER_EPOCH = 2016
const BLOCK_INTERVAL_S = 600
const TARGET_TIMESPAN_S = BLOCKS_PER_EPOCH * BLOCK_INTERVAL_S

export interface EpochProjectionInput {
  /** Unix seconds. */
  epochFirstBlockTime: number
  /** Unix seconds, after the first block of the epoch. */
  now: number
  /** Height of the newest block. */
  height: number
  /** Unix seconds of the newest block: needed only for the locked change at the epoch's end. */
  latestBlockTime?: number
}

export interface EpochProjection {
  /** Blocks after the first one of the epoch. */
  blocksInEpoch: number
  remainingBlocks: number
  nextRetargetHeight: number
  progressPct: number
  /** Rounded down; null on the first block of an epoch. */
  meanBlockIntervalMs: number | null
  /** By the pace so far, not clamped; null on the first block of an epoch. */
  expectedChangePct: number | null
  estimatedRetargetUnixMs: number | null
  projectionReason: 'E_EPOCH_JUST_STARTED' | null
  /** Known for certain at the last block of the epoch: clamped, over 2,015 intervals. */
  lockedChangePct: number | null
}

/**
 * Where the difficulty is heading, by the mean pace since the epoch began.
 * Numerics 02, convention `epoch_projection` (the simple method). Throws CalculationError.
 */
export function epochProjection(input: EpochProjectionInput): EpochProjection {
  const { epochFirstBlockTime, now, height } = input
  checkInteger(epochFirstBlockTime, 'epochFirstBlockTime')
  checkInteger(height, 'height')
  checkInteger(now, 'now')
  if (now <= epochFirstBlockTime) {
    throw new CalculationError('now', 'must be after epochFirstBlockTime')
  }
  const blocksInEpoch = height % BLOCKS_PER_EPOCH
  const remainingBlocks = BLOCKS_PER_EPOCH - blocksInEpoch
  return {
    blocksInEpoch,
    remainingBlocks,
    nextRetargetHeight: height + remainingBlocks,
    progressPct: (blocksInEpoch / BLOCKS_PER_EPOCH) * 100,
    ...pace(input, blocksInEpoch, remainingBlocks),
    lockedChangePct: remainingBlocks === 1 ? lockedChangePct(input) : null,
  }
}

function pace({ epochFirstBlockTime, now }: EpochProjectionInput, blocks: number, left: number) {
  if (blocks === 0) {
    return {
      meanBlockIntervalMs: null,
      expectedChangePct: null,
      estimatedRetargetUnixMs: null,
      projectionReason: 'E_EPOCH_JUST_STARTED' as const,
    }
  }
  const elapsedS = now - epochFirstBlockTime
  const meanBlockIntervalMs = Math.floor((1000 * elapsedS) / blocks)
  return {
    meanBlockIntervalMs,
    expectedChangePct: ((BLOCK_INTERVAL_S * (blocks + 1)) / elapsedS - 1) * 100,
    estimatedRetargetUnixMs: now * 1000 + left * meanBlockIntervalMs,
    projectionReason: null,
  }
}

/** What `retarget` will do, before the compact form cuts digits. */
function lockedChangePct({ epochFirstBlockTime, latestBlockTime }: EpochProjectionInput) {
  if (latestBlockTime === undefined) return null
  checkInteger(latestBlockTime, 'latestBlockTime')
  const spanS = latestBlockTime - epochFirstBlockTime
  const clampedS = Math.min(Math.max(spanS, TARGET_TIMESPAN_S / 4), TARGET_TIMESPAN_S * 4)
  return (TARGET_TIMESPAN_S / clampedS - 1) * 100
}
