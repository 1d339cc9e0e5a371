/** A counter of a miner as it was read; null: not said. */
export interface CounterReading {
  count: number | null
  /** Of the mining process: it falls when that starts anew. */
  uptimeS: number | null
}

/** What a reading adds to the one before; `slip`: a value to be overlooked, the next one is measured from the last good one. */
export type Step = number | 'slip'

/** Where counters of 32 bits begin at zero again; those that do are near it before and near zero after. */
const WRAP = 2 ** 32
const NEAR_END = 0.9
const NEAR_ZERO = 0.1

/** Without a restart a fall counts as begun anew only when hardly anything is left of the old value. */
const LEFT_AFTER_RESET = 0.1

/**
 * How much a counter grew over these readings. It begins at zero when the process starts anew, so
 * what it says after a fall of the uptime counts in full, even where it has passed the old value
 * already. A fall without one is an overflow, a reset or a slip; a slip counts nothing, so that a
 * miner that forgets a pool for one poll does not count all its shares again. Null when it was not
 * said twice.
 */
export function growthOf(readings: readonly CounterReading[]): number | null {
  const said = readings.filter(({ count }) => count !== null)
  if (said.length < 2) return null
  let growth = 0
  let last = said[0]!
  for (const now of said.slice(1)) {
    const step = stepOf(last, now)
    if (step === 'slip') {
      last = { count: last.count, uptimeS: now.uptimeS ?? last.uptimeS }
      continue
    }
    growth += step
    last = now
  }
  return growth
}

/** From one reading to the next, of a counter that ends there; null: it has no end. Both are said. */
export function stepOf(
  before: CounterReading,
  now: CounterReading,
  endsAt: number | null = WRAP
): Step {
  const [was, is] = [before.count!, now.count!]
  if (isRestart(before, now)) return is
  if (is >= was) return is - was
  if (endsAt !== null && was >= NEAR_END * endsAt && was < endsAt && is <= NEAR_ZERO * endsAt) {
    return endsAt - was + is
  }
  return is <= LEFT_AFTER_RESET * was ? is : 'slip'
}

/** Whether the process began anew in between, as the uptime tells. */
const isRestart = (before: CounterReading, now: CounterReading): boolean =>
  before.uptimeS !== null && now.uptimeS !== null && now.uptimeS < before.uptimeS

/** How often the process began anew, as the uptime tells. */
export const restartsIn = (uptimes: readonly (number | null)[]): number => {
  const said = uptimes.filter((uptime) => uptime !== null)
  return said.filter((uptime, index) => index > 0 && uptime < said[index - 1]!).length
}
