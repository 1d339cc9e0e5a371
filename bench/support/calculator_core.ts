import { profit, type ProfitInput } from '../../plugins/calculator/domain/profit.js'

const DISTINCT_INPUTS = 65_536
const WARM_UP_ROWS = 200_000

/** How fast the calculator's one function is, single thread, checks included. */
export interface CoreBench {
  coreRowsPerSecond: number
  rows: number
  seconds: number
}

/**
 * Times `profit` over `rows` calls on 65,536 different seeded inputs, taken in turn; making them
 * is not timed. Every result goes into a sum that must be finite, so no call can be left out.
 */
export async function coreRowsPerSecond(rows = 2_000_000): Promise<CoreBench> {
  const inputs = seededInputs(DISTINCT_INPUTS)
  sumOfProfits(inputs, Math.min(rows, WARM_UP_ROWS))
  const startedAt = performance.now()
  const sum = sumOfProfits(inputs, rows)
  const seconds = (performance.now() - startedAt) / 1000
  if (!Number.isFinite(sum)) throw new RangeError('the benched results must be finite')
  return { coreRowsPerSecond: rows / seconds, rows, seconds }
}

function sumOfProfits(inputs: ProfitInput[], rows: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const result = profit(inputs[row % inputs.length]!)
    sum += result.profitUsdPerDay + result.satsPerDay + (result.breakEvenUsdPerKwh ?? 0)
    sum += (result.btcPerDayByNetwork ?? 0) + (result.breakEvenUsdPerBtc ?? 0)
  }
  return sum
}

/** Fleets from one miner to a big site; every fourth has no estimate of the network. */
function seededInputs(count: number): ProfitInput[] {
  const random = mulberry32(840_000)
  return Array.from({ length: count }, (_, i) => {
    const hashrateThs = 50 + random() * 200_000
    return {
      hashrateThs,
      powerW: hashrateThs * (12 + random() * 25),
      difficulty: 8e13 + random() * 8e13,
      subsidySats: i % 2 === 0 ? 312_500_000 : 312_500_000n,
      feesSatsPerBlock: random() * 2e7,
      btcUsd: 20_000 + random() * 130_000,
      usdPerKwh: -0.01 + random() * 0.12,
      poolFeePct: random() * 4,
      networkHashrateThs: i % 4 === 0 ? null : 6e8 + random() * 4e8,
      overheadPct: random() * 10,
      fixedUsdPerDay: random() * 50,
    }
  })
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
