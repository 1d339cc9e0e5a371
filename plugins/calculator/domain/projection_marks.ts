import { HALVING_INTERVAL_BLOCKS, subsidySats } from '#core/chain/subsidy_sats'
import type { ProjectionInput } from './projection_input.js'
import { dayOf, difficultyAt, heightOn } from './projection_paths.js'

const BLOCKS_PER_EPOCH = 2016

/** A moment of the chain inside the horizon, on the first day that counts with it. */
export interface ProjectionMark {
  kind: 'halving' | 'retarget'
  day: number
  height: number
  /** What holds from then on: the subsidy in satoshis, or the difficulty. */
  value: number
}

/** Halvings and retargets after day 0 and before the end, each in ascending order. */
export function projectionMarks(input: ProjectionInput): ProjectionMark[] {
  const marks = (kind: ProjectionMark['kind'], interval: number, of: (height: number) => number) =>
    heightsOf(input, interval).map((height) => ({
      kind,
      day: dayOf(input, height),
      height,
      value: of(height),
    }))
  return [
    ...marks('halving', HALVING_INTERVAL_BLOCKS, (height) => Number(subsidySats(height))),
    ...marks('retarget', BLOCKS_PER_EPOCH, (height) => difficultyAt(input, height)),
  ]
}

function heightsOf(input: ProjectionInput, interval: number): number[] {
  const last = heightOn(input, input.days - 1)
  const heights: number[] = []
  const first = (Math.floor(input.startHeight / interval) + 1) * interval
  for (let height = first; height <= last; height += interval) heights.push(height)
  return heights
}
