import type { Moment, PowerMode, SimulatedBoard } from '../contract.js'

/** Sensors of a board: where the air comes in, in the middle twice, where it goes out. */
const SPREAD_C = [-3, -1, 2, 4]

/** Whole degrees around a mean that they keep; 0 where there is no sensor. */
export const sensorsOf = (meanC: number): number[] =>
  meanC === 0 ? [0, 0, 0, 0] : SPREAD_C.map((off) => Math.round(meanC + off))

/** `o` for a chip that works, `x` for one that does not, in groups. */
export const chipMap = (board: SimulatedBoard, chips: number): string =>
  board.isAlive
    ? Array.from({ length: chips }, (_, chip) => {
        const sign = chip < board.chipsWorking ? 'o' : 'x'
        return chip % 10 === 0 ? ` ${sign}` : sign
      }).join('')
    : ''

const modeNumber: Record<PowerMode, number> = { normal: 0, high: 2, low: 3 }
export const modeOf = ({ phase, mode }: Moment) => (phase === 'paused' ? 1 : modeNumber[mode])
