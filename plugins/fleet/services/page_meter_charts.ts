import type { Row } from '#core/table'
import type Meter from '../models/meter.js'
import { type IntervalMinutes, type MeterInterval, meterIntervals } from './meter_history.js'
import type { ChartEvent } from './page_events.js'
import type { Words } from './page_words.js'

const HOUR_MS = 3_600_000
const SPANS = [
  { code: '24h', hours: 24, minutes: 5 },
  { code: '7d', hours: 168, minutes: 15 },
  { code: '30d', hours: 720, minutes: 60 },
] as const
type ChartSpan = (typeof SPANS)[number]

type Line = [at: number, value: number | null][]
type Of = (one: MeterInterval) => number | null

interface Times {
  from: number
  to: number
}

interface Chart {
  id: string
  title: string
  unit: string
  decimals: number
  series: { name: string; data: Line; dashed?: boolean }[]
}

/** More than this nobody can tell apart. */
const MOST_BANDS = 12

/** The history of a device with its ranges and alarms, as the `chart` component takes it. */
export async function meterCharts(
  meter: Meter,
  { asked, alarms }: { asked: unknown; alarms: readonly Row[] },
  words: Words,
  now = Date.now()
) {
  const span = SPANS.find(({ code }) => code === asked) ?? SPANS[0]
  const from = now - span.hours * HOUR_MS
  const intervals = await meterIntervals(meter.no, {
    from: new Date(from),
    to: new Date(now),
    minutes: span.minutes,
  })
  const shared = {
    group: 'meter',
    height: 'md',
    kind: 'line',
    events: bandsOf(alarms, { from, to: now }, words),
  }
  return {
    ranges: SPANS.map(({ code }) => ({
      label: words.t(`fleet.range.${code}`),
      url: `/fleet/meters/${meter.id}?range=${code}`,
      current: code === span.code,
    })),
    charts: chartsOf(meter, intervals, span, words).map((one) => ({ ...shared, ...one })),
  }
}

/** Those that this device has something to draw for. */
function chartsOf(
  meter: Meter,
  intervals: readonly MeterInterval[],
  { minutes }: ChartSpan,
  words: Words
): Chart[] {
  const line = (of: Of, per = 1) => lineOf(intervals, minutes, (one) => short(of(one), per))
  const degrees = { unit: '°C', decimals: 1 }
  const name = (key: string) => words.t(`fleet_meters.value.${key}`)
  const all: Chart[] = [
    {
      id: 'meter-power',
      title: words.t('fleet_meters.chart.demand', { minutes }),
      ...{ unit: 'kW', decimals: 2 },
      series: [{ name: meter.name, data: line(({ demandW }) => demandW, 1000) }],
    },
    {
      id: 'meter-coolant',
      title: words.t('fleet_meters.chart.coolant'),
      ...degrees,
      series: [
        { name: name('supply_temp_c'), data: line(({ supplyTempAvgC }) => supplyTempAvgC) },
        {
          name: words.t('fleet_meters.chart.supply_max'),
          data: line(({ supplyTempMaxC }) => supplyTempMaxC),
          dashed: true,
        },
        { name: name('return_temp_c'), data: line(({ returnTempAvgC }) => returnTempAvgC) },
      ],
    },
    {
      id: 'meter-temperature',
      title: words.t('fleet.chart.temperature'),
      ...degrees,
      series: [{ name: meter.name, data: line(({ temperatureAvgC }) => temperatureAvgC) }],
    },
  ]
  return all
    .map((chart) => ({ ...chart, series: chart.series.filter(({ data }) => isSaid(data)) }))
    .filter(({ series }) => series.length > 0)
}

const isSaid = (line: Line) => line.some(([, value]) => value !== null)

const short = (value: number | null, per: number) =>
  value === null ? null : Number((value / per).toPrecision(6))

/**
 * Alarms as bands behind the lines; those that go on last until now. What overlaps is one band, named
 * by the first with how many came with it: words over words are read by nobody.
 */
function bandsOf(alarms: readonly Row[], { from, to }: Times, words: Words): ChartEvent[] {
  const bands: (Times & { codes: Set<string> })[] = []
  const inTime = alarms
    .map(({ code, began_at: begin, ended_at: end }) => ({
      code: code as string,
      from: Math.max((begin as Date).getTime(), from),
      to: (end as Date | null)?.getTime() ?? to,
    }))
    .filter((one) => one.to > from)
    .sort((a, b) => a.from - b.from)
  for (const one of inTime) {
    const last = bands.at(-1)
    if (last && one.from <= last.to) {
      last.to = Math.max(last.to, one.to)
      last.codes.add(one.code)
    } else bands.push({ from: one.from, to: one.to, codes: new Set([one.code]) })
  }
  return bands.slice(-MOST_BANDS).map(({ codes, ...times }) => {
    const [first, ...more] = codes
    const name = words.code(`fleet_devices.alarm.${first}`)
    const label =
      more.length === 0 ? name : words.t('fleet_devices.alarms.more', { name, count: more.length })
    return { ...times, label, kind: 'warn' }
  })
}

/** Nobody draws a line over what nobody knows. */
function lineOf(intervals: readonly MeterInterval[], minutes: IntervalMinutes, value: Of) {
  const stepMs = minutes * 60_000
  const line: Line = []
  for (const one of intervals) {
    const at = one.start.getTime()
    const before = line.at(-1)?.[0]
    if (before !== undefined && at - before > stepMs) line.push([before + stepMs, null])
    line.push([at, value(one)])
  }
  return line
}
