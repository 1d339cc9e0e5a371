/** A power reading: seconds on any common clock, and watts. */
export interface PowerReading {
  t: number
  powerW: number
}

export interface Energy {
  energyWh: number
  /** Seconds between readings that were not too far apart. */
  coveredS: number
}

/**
 * Energy between two moments by the trapezoid rule. Nothing is assumed across a gap longer than
 * `maxGapS`: it counts as not covered. Where a period begins or ends between two readings, the
 * power there is interpolated, so that the sums of parts equal the whole.
 */
export function energyBetween(
  readings: readonly PowerReading[],
  [from, to]: readonly [from: number, to: number],
  maxGapS: number
): Energy {
  const sum: Energy = { energyWh: 0, coveredS: 0 }
  for (let index = 1; index < readings.length; index++) {
    const [a, b] = [readings[index - 1]!, readings[index]!]
    const span = b.t - a.t
    const [start, end] = [Math.max(a.t, from), Math.min(b.t, to)]
    if (span <= 0 || span > maxGapS || start >= end) continue
    const powerAt = (t: number) => a.powerW + ((b.powerW - a.powerW) * (t - a.t)) / span
    sum.energyWh += ((powerAt(start) + powerAt(end)) / 2) * ((end - start) / 3600)
    sum.coveredS += end - start
  }
  return sum
}
