import { epochPaceBand } from '#core/chain/epoch_pace_band'
import { epochProjection } from '#core/chain/epoch_projection'
import { BLOCKS_PER_EPOCH } from './parse_epoch.js'
import { waitBand } from './wait_band.js'

/** The middle share of what chance allows. */
export const CONFIDENCE = 0.95

/** Why something about the epoch is not known. */
export type EpochReason =
  'no_height' | 'no_first_block_time' | 'epoch_just_started' | 'height_is_old'

export interface RetargetProjection {
  /** By the mean pace since the epoch began, in %. */
  changePct: number
  changeLowPct: number
  changeHighPct: number
  /** Mean seconds between blocks so far. */
  meanIntervalS: number
  /** When the next epoch begins; null when the height is so old that this has passed. */
  at: Date | null
  earliest: Date | null
  latest: Date | null
}

export interface EpochState {
  epoch: number
  firstHeight: number
  nextRetargetHeight: number
  /** null when only the epoch's number is known. */
  height: number | null
  heightAt: Date | null
  blocksDone: number | null
  blocksLeft: number | null
  progressPct: number | null
  firstBlockAt: Date | null
  projection: RetargetProjection | null
  reason: EpochReason | null
}

export interface EpochFacts {
  /** The newest block that is known, and when it was. */
  height: number
  heightAt: Date
  firstBlockAt: Date | null
}

/** The epoch with this number, when no height is known. */
export function epochWithoutHeight(epoch: number, firstBlockAt: Date | null): EpochState {
  return {
    epoch,
    firstHeight: epoch * BLOCKS_PER_EPOCH,
    nextRetargetHeight: (epoch + 1) * BLOCKS_PER_EPOCH,
    height: null,
    heightAt: null,
    blocksDone: null,
    blocksLeft: null,
    progressPct: null,
    firstBlockAt,
    projection: null,
    reason: 'no_height',
  }
}

/** Where the chain is in its epoch and what the next retarget will bring, as far as is known. */
export function epochState({ height, heightAt, firstBlockAt }: EpochFacts, now: Date): EpochState {
  const epoch = Math.floor(height / BLOCKS_PER_EPOCH)
  const blocksDone = height % BLOCKS_PER_EPOCH
  const known = {
    ...epochWithoutHeight(epoch, firstBlockAt),
    height,
    heightAt,
    blocksDone,
    blocksLeft: BLOCKS_PER_EPOCH - blocksDone,
    progressPct: (blocksDone / BLOCKS_PER_EPOCH) * 100,
  }
  if (!firstBlockAt) return { ...known, reason: 'no_first_block_time' }
  if (blocksDone === 0 || heightAt <= firstBlockAt) {
    return { ...known, reason: 'epoch_just_started' }
  }
  const projection = project(height, heightAt, firstBlockAt, now)
  return { ...known, projection, reason: projection.at ? null : 'height_is_old' }
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000)

function project(height: number, heightAt: Date, firstBlockAt: Date, now: Date) {
  const seen = seconds(heightAt)
  const began = seconds(firstBlockAt)
  const point = epochProjection({ epochFirstBlockTime: began, now: seen, height })
  const elapsedS = seen - began
  const intervals = { intervalsElapsed: point.blocksInEpoch, elapsedS, confidence: CONFIDENCE }
  const [changeLowPct, changeHighPct] = epochPaceBand(intervals).changePctCi
  const wait = waitBand({
    blocksSeen: point.blocksInEpoch,
    elapsedS,
    blocksLeft: point.remainingBlocks,
    confidence: CONFIDENCE,
  })
  const after = (waitS: number) => new Date((seen + waitS) * 1000)
  const at = new Date(point.estimatedRetargetUnixMs!)
  const hasPassed = at <= now
  return {
    changePct: point.expectedChangePct!,
    changeLowPct,
    changeHighPct,
    meanIntervalS: elapsedS / point.blocksInEpoch,
    at: hasPassed ? null : at,
    earliest: hasPassed ? null : after(wait.lowS),
    latest: hasPassed ? null : after(wait.highS),
  }
}

/** A height that was seen, and when. */
export interface SeenHeight {
  height: number
  at: Date
}

/** So far apart two sightings may be for the time between them to be worth something. */
const MAX_SPAN_MS = 6 * 3_600_000

/**
 * When the block at `height` came, read between the last sighting below and the first at or above
 * it; exact when it was seen itself. Null when the two are more than six hours apart (2 % of an
 * epoch) or one of them is missing.
 */
export function timeBetween(
  height: number,
  below: SeenHeight | null,
  above: SeenHeight | null
): Date | null {
  if (!above || above.height < height) return null
  if (!below || below.height >= height) return null
  const spanMs = above.at.getTime() - below.at.getTime()
  if (spanMs < 0 || spanMs > MAX_SPAN_MS) return null
  const share = (height - below.height) / (above.height - below.height)
  return new Date(below.at.getTime() + share * spanMs)
}
