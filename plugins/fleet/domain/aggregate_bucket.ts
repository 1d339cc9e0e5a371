import { growthOf, restartsIn } from './counter_delta.js'
import { energyBetween, type PowerReading } from './trapezoid.js'

/** One poll of a miner as the roll-up reads it; null: the miner did not say. */
export interface RawSample {
  /** Seconds since 1970. */
  t: number
  isAnswered: boolean
  isMining: boolean | null
  uptimeS: number | null
  hashrateThs: number | null
  expectedThs: number | null
  powerW: number | null
  powerSource: number | null
  tempMaxC: number | null
  tempInletC: number | null
  fanMinRpm: number | null
  fanMaxRpm: number | null
  sharesAccepted: number | null
  sharesRejected: number | null
  sharesStale: number | null
  hardwareErrors: number | null
}

/** A poll that was answered and told nothing. */
export const NOTHING_SAID: Omit<RawSample, 't'> = {
  isAnswered: true,
  isMining: null,
  uptimeS: null,
  hashrateThs: null,
  expectedThs: null,
  powerW: null,
  powerSource: null,
  tempMaxC: null,
  tempInletC: null,
  fanMinRpm: null,
  fanMaxRpm: null,
  sharesAccepted: null,
  sharesRejected: null,
  sharesStale: null,
  hardwareErrors: null,
}

export interface Spread {
  avg: number
  min: number
  max: number
}

/** What five minutes of a miner come to. */
export interface BucketAggregate {
  samples: number
  secondsCovered: number
  secondsOnline: number
  secondsMining: number
  hashrateThs: Spread | null
  expectedThs: Spread | null
  powerW: Spread | null
  powerSource: number | null
  tempMaxC: Spread | null
  tempInletC: Spread | null
  fanMinRpm: number | null
  fanMaxRpm: number | null
  sharesAccepted: number | null
  sharesRejected: number | null
  sharesStale: number | null
  hardwareErrors: number | null
  restarts: number
  /** Null where no power was said that covers any time. */
  energyWh: number | null
}

type Numbers = {
  [K in keyof RawSample]: RawSample[K] extends number | null ? K : never
}[keyof RawSample]

/**
 * One miner over `[from, to)` seconds. `samples` are in order of time and hold, besides those inside,
 * the last one before and the first one after, where there are such, and the last one that named
 * the counters: what lies between two samples no further apart than `maxGapS` is covered, the rest
 * is not known. Averages are over time.
 */
export function aggregateBucket(
  samples: readonly RawSample[],
  [from, to]: readonly [from: number, to: number],
  maxGapS: number
): BucketAggregate {
  const inside = samples.filter(({ t }) => t >= from && t < to)
  // No pair that covers anything here reaches further.
  const near = samples.filter(({ t }) => t >= from - maxGapS && t <= to + maxGapS)
  const spread = (name: Numbers) => spreadOf(near, inside, { name, from, to, maxGapS })
  const growth = (name: Numbers) =>
    growthOf(
      upTo(samples, [from, to], name).map((one) => ({
        count: one[name] as number | null,
        uptimeS: one.uptimeS,
      }))
    )
  const seconds = (test: (one: RawSample) => boolean) =>
    secondsOf(near, { from, to, maxGapS }, test)
  const energy = energyBetween(readingsOf(near, 'powerW'), [from, to], maxGapS)
  return {
    samples: inside.length,
    secondsCovered: seconds(() => true),
    secondsOnline: seconds((one) => one.isAnswered),
    secondsMining: seconds((one) => one.isMining === true),
    hashrateThs: spread('hashrateThs'),
    expectedThs: spread('expectedThs'),
    powerW: spread('powerW'),
    powerSource: inside.findLast(({ powerSource }) => powerSource !== null)?.powerSource ?? null,
    tempMaxC: spread('tempMaxC'),
    tempInletC: spread('tempInletC'),
    fanMinRpm: extreme(inside, 'fanMinRpm', Math.min),
    fanMaxRpm: extreme(inside, 'fanMaxRpm', Math.max),
    sharesAccepted: growth('sharesAccepted'),
    sharesRejected: growth('sharesRejected'),
    sharesStale: growth('sharesStale'),
    hardwareErrors: growth('hardwareErrors'),
    restarts: restartsIn(upTo(samples, [from, to], 'uptimeS').map(({ uptimeS }) => uptimeS)),
    energyWh: energy.coveredS > 0 ? energy.energyWh : null,
  }
}

/**
 * From the last sample before that names the value to the last one inside: each growth is counted
 * in one bucket only, and none is lost in a silence.
 */
function upTo(
  samples: readonly RawSample[],
  [from, to]: readonly [from: number, to: number],
  name: Numbers
) {
  const before = samples.findLast((one) => one.t < from && one[name] !== null)
  return [...(before ? [before] : []), ...samples.filter(({ t }) => t >= from && t < to)]
}

const readingsOf = (samples: readonly RawSample[], name: Numbers): PowerReading[] =>
  samples.flatMap((one) => {
    const value = one[name] as number | null
    return value === null ? [] : [{ t: one.t, powerW: value }]
  })

interface Span {
  from: number
  to: number
  maxGapS: number
}

/**
 * Mean over time by the trapezoid rule; where no time is covered, of the values themselves. Between
 * two polls far apart, five minutes may have no value of their own: then the mean is all there is.
 */
function spreadOf(
  samples: readonly RawSample[],
  inside: readonly RawSample[],
  { name, from, to, maxGapS }: Span & { name: Numbers }
): Spread | null {
  const values = readingsOf(inside, name).map(({ powerW }) => powerW)
  const area = energyBetween(readingsOf(samples, name), [from, to], maxGapS)
  const mean = area.coveredS > 0 ? (area.energyWh * 3600) / area.coveredS : null
  if (values.length === 0) return mean === null ? null : { avg: mean, min: mean, max: mean }
  const plain = values.reduce((sum, value) => sum + value, 0) / values.length
  return { avg: mean ?? plain, min: Math.min(...values), max: Math.max(...values) }
}

function extreme(
  samples: readonly RawSample[],
  name: Numbers,
  pick: (...values: number[]) => number
): number | null {
  const values = readingsOf(samples, name).map(({ powerW }) => powerW)
  return values.length > 0 ? pick(...values) : null
}

/** Whole seconds between samples that are near enough, as far as the earlier one passes the test. */
function secondsOf(
  samples: readonly RawSample[],
  { from, to, maxGapS }: Span,
  test: (one: RawSample) => boolean
): number {
  let seconds = 0
  for (let index = 1; index < samples.length; index++) {
    const [a, b] = [samples[index - 1]!, samples[index]!]
    if (b.t - a.t > maxGapS || !test(a)) continue
    seconds += Math.max(0, Math.min(b.t, to) - Math.max(a.t, from))
  }
  return Math.round(seconds)
}
