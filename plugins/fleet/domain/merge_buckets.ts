import type { BucketAggregate, Spread } from './aggregate_bucket.js'
import { BUCKET_S } from './bucket.js'

/**
 * Adds what came late to five minutes whose samples are gone. Nobody knows any more which seconds
 * were covered then, only how many: what came late fills the rest and no more, so that nothing is
 * lost and no second is counted twice.
 */
export function mergeBuckets(base: BucketAggregate, late: BucketAggregate): BucketAggregate {
  const filled = Math.min(late.secondsCovered, Math.max(0, BUCKET_S - base.secondsCovered))
  if (filled === 0) return base
  const share = filled / late.secondsCovered
  const weights: Weights = [base.secondsCovered, filled]
  const count = (name: Counted) =>
    added(base[name], late[name], (value) => Math.round(value * share))
  const spread = (name: Spreads) => merged(base[name], late[name], weights)
  return {
    samples: base.samples + late.samples,
    secondsCovered: base.secondsCovered + filled,
    secondsOnline: base.secondsOnline + Math.round(late.secondsOnline * share),
    secondsMining: base.secondsMining + Math.round(late.secondsMining * share),
    hashrateThs: spread('hashrateThs'),
    expectedThs: spread('expectedThs'),
    powerW: spread('powerW'),
    powerSource: base.powerSource ?? late.powerSource,
    tempMaxC: spread('tempMaxC'),
    tempInletC: spread('tempInletC'),
    fanMinRpm: pick(base.fanMinRpm, late.fanMinRpm, Math.min),
    fanMaxRpm: pick(base.fanMaxRpm, late.fanMaxRpm, Math.max),
    sharesAccepted: count('sharesAccepted'),
    sharesRejected: count('sharesRejected'),
    sharesStale: count('sharesStale'),
    hardwareErrors: count('hardwareErrors'),
    restarts: base.restarts + late.restarts,
    energyWh: added(base.energyWh, late.energyWh, (value) => value * share),
  }
}

type Counted = 'sharesAccepted' | 'sharesRejected' | 'sharesStale' | 'hardwareErrors'
type Spreads = 'hashrateThs' | 'expectedThs' | 'powerW' | 'tempMaxC' | 'tempInletC'
type Weights = readonly [base: number, late: number]

/** Null only where neither says anything. */
function added(a: number | null, b: number | null, scaled: (value: number) => number) {
  if (b === null) return a
  return (a ?? 0) + scaled(b)
}

function pick(a: number | null, b: number | null, by: (...values: number[]) => number) {
  if (a === null || b === null) return a ?? b
  return by(a, b)
}

/** The mean by the seconds that each covers; extremes are those of both. */
function merged(a: Spread | null, b: Spread | null, [ofA, ofB]: Weights): Spread | null {
  if (!a || !b) return a ?? b
  return {
    avg: (a.avg * ofA + b.avg * ofB) / (ofA + ofB),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  }
}
