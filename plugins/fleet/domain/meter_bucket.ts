import { stepOf } from './counter_delta.js'
import { energyBetween, type PowerReading } from './trapezoid.js'

/** A poll of a meter as the roll-up reads it; null: it did not say. */
export interface MeterReading {
  /** Seconds since 1970. */
  t: number
  powerW: number | null
  counterWh: number | null
  temperatureC: number | null
  humidityPct: number | null
  supplyTempC: number | null
  returnTempC: number | null
}

export interface MeterTerms {
  /** Between readings further apart nothing is assumed. */
  maxGapS: number
  /** Where the counter begins at zero again; null: nowhere. */
  counterEndWh: number | null
}

/** Five minutes of a meter. */
export interface MeterBucket {
  samples: number
  powerSeconds: number
  powerAvgW: number | null
  powerMinW: number | null
  powerMaxW: number | null
  /** By the trapezoid rule under power, to check the counter by. */
  powerEnergyWh: number | null
  counterSeconds: number
  /** By the counter, whole watt-hours; the sums of parts are the growth of the whole. */
  energyWh: number | null
  /** What the counter grew by across a gap that ends here; null: none ends here. */
  gapEnergyWh: number | null
  temperatureAvgC: number | null
  temperatureMaxC: number | null
  humidityAvgPct: number | null
  supplyTempAvgC: number | null
  supplyTempMaxC: number | null
  returnTempAvgC: number | null
}

type Span = readonly [from: number, to: number]

/**
 * Five minutes out of the readings in them and around them, in the order of time. At the edges the
 * counter is interpolated and rounded to a watt-hour, by both neighbours alike.
 */
export function meterBucket(
  readings: readonly MeterReading[],
  span: Span,
  { maxGapS, counterEndWh }: MeterTerms
): MeterBucket {
  const [from, to] = span
  const inside = readings.filter(({ t }) => from <= t && t < to)
  const powers = readings.flatMap(({ t, powerW }): PowerReading[] =>
    powerW === null ? [] : [{ t, powerW }]
  )
  const { energyWh, coveredS } = energyBetween(powers, span, maxGapS)
  const watts = inside.flatMap(({ powerW }) => powerW ?? [])
  const degrees = inside.flatMap(({ temperatureC }) => temperatureC ?? [])
  const supply = inside.flatMap(({ supplyTempC }) => supplyTempC ?? [])
  return {
    samples: inside.length,
    powerSeconds: Math.round(coveredS),
    powerAvgW: coveredS > 0 ? (energyWh * 3600) / coveredS : meanOf(watts),
    powerMinW: watts.length > 0 ? Math.min(...watts) : null,
    powerMaxW: mostOf(watts),
    powerEnergyWh: coveredS > 0 ? energyWh : null,
    ...counterBetween(readings, span, { maxGapS, counterEndWh }),
    temperatureAvgC: meanOf(degrees),
    temperatureMaxC: mostOf(degrees),
    humidityAvgPct: meanOf(inside.flatMap(({ humidityPct }) => humidityPct ?? [])),
    supplyTempAvgC: meanOf(supply),
    supplyTempMaxC: mostOf(supply),
    returnTempAvgC: meanOf(inside.flatMap(({ returnTempC }) => returnTempC ?? [])),
  }
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length

const mostOf = (values: readonly number[]) => (values.length > 0 ? Math.max(...values) : null)

interface Said {
  t: number
  counterWh: number
}

function counterBetween(
  readings: readonly MeterReading[],
  [from, to]: Span,
  { maxGapS, counterEndWh }: MeterTerms
) {
  let [seconds, energy, gap]: [number, number, number | null] = [0, 0, null]
  for (const { before, now, growth } of steps(readings, counterEndWh)) {
    if (now.t - before.t > maxGapS) {
      if (from <= now.t && now.t < to) gap = (gap ?? 0) + growth
      continue
    }
    const [start, end] = [Math.max(before.t, from), Math.min(now.t, to)]
    if (start >= end) continue
    const grown = (t: number) => Math.round((growth * (t - before.t)) / (now.t - before.t))
    energy += grown(end) - grown(start)
    seconds += end - start
  }
  return {
    counterSeconds: Math.round(seconds),
    energyWh: seconds > 0 ? energy : null,
    gapEnergyWh: gap,
  }
}

/** From one reading that counts to the next; one that slipped is overlooked. */
function* steps(readings: readonly MeterReading[], endsAt: number | null) {
  let before: Said | null = null
  for (const { t, counterWh } of readings) {
    if (counterWh === null) continue
    const now: Said = { t, counterWh }
    if (before) {
      const growth = stepOf(counter(before), counter(now), endsAt)
      if (growth === 'slip') continue
      yield { before, now, growth }
    }
    before = now
  }
}

const counter = ({ counterWh }: Said) => ({ count: counterWh, uptimeS: null })
