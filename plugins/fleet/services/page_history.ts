import {
  groupHistory,
  type History,
  type HistoryMeta,
  historyOf,
  type HistoryPoint,
  type Span,
} from './history.js'
import { fleetEvents, minerEvents } from './page_events.js'
import type { Words } from './page_words.js'

const HOUR_MS = 3_600_000

/** The ranges of charts. */
export const RANGES = [
  { code: '24h', hours: 24 },
  { code: '7d', hours: 168 },
  { code: '30d', hours: 720 },
] as const
export type Range = (typeof RANGES)[number]

/** The range that the address asks for; a day for anything else. */
export const chosenRange = ({ range }: Record<string, unknown>): Range =>
  RANGES.find(({ code }) => code === range) ?? RANGES[0]

export const rangeItems = (range: Range, path: string, words: Words, more = '') =>
  RANGES.map(({ code }) => ({
    label: words.t(`fleet.range.${code}`),
    url: `${path}?range=${code}${more}`,
    current: code === range.code,
  }))

export const spanOfRange = ({ hours }: Range, now = Date.now()): Span => ({
  from: new Date(now - hours * HOUR_MS),
  to: new Date(now),
})

type Field = 'hashrateThs' | 'expectedThs' | 'powerW' | 'tempMaxC'

/** Seven digits are more than a line can show. */
const short = (value: number | null, per: number) =>
  value === null ? null : Number((value / per).toPrecision(6))

/** Missing from so many steps on is a gap: nobody draws a line over what nobody knows. */
const GAP_STEPS = 1.5

function lineOf(points: readonly HistoryPoint[], field: Field, per: number, stepS: number) {
  const line: [number, number | null][] = []
  for (const point of points) {
    const at = point.at.getTime()
    const before = line.at(-1)?.[0]
    if (before !== undefined && at - before > GAP_STEPS * stepS * 1000) {
      line.push([before + stepS * 1000, null])
    }
    line.push([at, short(point[field], per)])
  }
  return line
}

const top = (lists: readonly (readonly HistoryPoint[])[], field: Field) =>
  Math.max(0, ...lists.flatMap((points) => points.map((point) => point[field] ?? 0)))

function unitOf(value: number, steps: readonly (readonly [number, string])[]) {
  const [per, unit] = steps.find(([above]) => value >= above) ?? steps.at(-1)!
  return { per, unit }
}

const HASHRATE_UNITS = [
  [1e6, 'EH/s'],
  [1e3, 'PH/s'],
  [1, 'TH/s'],
  [1e-3, 'GH/s'],
] as const
const POWER_UNITS = [
  [1e6, 'MW'],
  [1e3, 'kW'],
  [1, 'W'],
] as const

/** "5-minute layer, 98 % covered". */
function coverageOf(meta: HistoryMeta, words: Words) {
  const layer = words.code(`fleet.layer.${meta.layer}`)
  if (meta.coverage === null) return layer
  return words.t('fleet.chart.covered', { layer, pct: words.pct(100 * meta.coverage, 0)! })
}

interface Line {
  name: string
  points: readonly HistoryPoint[]
  color?: string
}

/** Whether anything is known of what was expected. */
const isExpected = (points: readonly HistoryPoint[]) =>
  points.some(({ expectedThs: expected }) => expected !== null)

function chartsOf(id: string, lines: readonly Line[], meta: HistoryMeta, words: Words) {
  const lists = lines.map(({ points }) => points)
  const hashrate = unitOf(top(lists, 'hashrateThs'), HASHRATE_UNITS)
  const power = unitOf(top(lists, 'powerW'), POWER_UNITS)
  const stepS = meta.resolutionSeconds
  const shared = { group: id, height: 'md', coverage: coverageOf(meta, words) }
  const isKnown = (field: Field) =>
    lists.some((list) => list.some((point) => point[field] !== null))
  const series = (field: Field, per: number) =>
    lines.map(({ name, points, color }) => ({
      name,
      data: lineOf(points, field, per, stepS),
      color,
    }))
  const first = lines[0]!.points
  const expected = isExpected(first)
    ? [
        {
          name: words.t('fleet.chart.expected'),
          data: lineOf(first, 'expectedThs', hashrate.per, stepS),
          dashed: true,
          color: 'faint',
        },
      ]
    : []
  return {
    hashrate: {
      ...shared,
      id: `${id}-hashrate`,
      title: words.t('fleet.chart.hashrate'),
      kind: lines.length > 1 ? 'line' : 'area',
      unit: hashrate.unit,
      decimals: 2,
      series: isKnown('hashrateThs') ? [...series('hashrateThs', hashrate.per), ...expected] : [],
    },
    power: {
      ...shared,
      id: `${id}-power`,
      title: words.t('fleet.chart.power'),
      kind: 'line',
      unit: power.unit,
      decimals: 2,
      series: isKnown('powerW') ? series('powerW', power.per) : [],
    },
    temperature: {
      ...shared,
      id: `${id}-temperature`,
      title: words.t('fleet.chart.temperature'),
      kind: 'line',
      unit: '°C',
      decimals: 1,
      series: isKnown('tempMaxC') ? series('tempMaxC', 1) : [],
    },
  }
}

/** The charts of the overview; null while there is no history. */
export async function fleetChart(range: Range, words: Words) {
  const span = spanOfRange(range)
  const history = await groupHistory('all', span)
  const points = history && [...history.lines.values()][0]
  if (!history || !points?.length) return null
  const lines = [{ name: words.t('fleet.chart.real'), points }]
  const charts = chartsOf('fleet', lines, history.meta, words)
  return { ...charts, hashrate: { ...charts.hashrate, events: await fleetEvents(span, words) } }
}

interface Shown {
  id: string
  no: number
  title: string
  model: string | null
}

/** What lies over the line of a miner: another miner, or the mean of its model. */
export type Overlay = { no: number; title: string } | 'model' | null

/** The charts of a miner; null while there is no history. */
export async function minerCharts(miner: Shown, overlay: Overlay, range: Range, words: Words) {
  const span = spanOfRange(range)
  const other = overlay === 'model' ? null : overlay
  const history = await historyOf(other ? [miner.no, other.no] : [miner.no], span)
  const own = history?.lines.get(String(miner.no))
  if (!own?.length) return null
  const lines: Line[] = [{ name: miner.title, points: own }]
  if (other) lines.push(otherLine(other, history!))
  if (overlay === 'model' && miner.model) {
    const points = meanOf(await groupHistory('model', span), miner.model)
    lines.push({ name: words.t('fleet.chart.mean', { model: miner.model }), points, color: 'info' })
  }
  const charts = chartsOf('miner', lines, history!.meta, words)
  const events = await minerEvents(miner, span, words)
  return { ...charts, hashrate: { ...charts.hashrate, events } }
}

const otherLine = ({ no, title }: { no: number; title: string }, history: History): Line => ({
  name: title,
  points: history.lines.get(String(no)) ?? [],
  color: 'info',
})

const per = (value: number | null, count: number) =>
  value === null || count === 0 ? null : value / count

/** What one miner of this model did on average. */
function meanOf(history: History | null, model: string): HistoryPoint[] {
  return (history?.lines.get(model) ?? []).map((point) => ({
    ...point,
    hashrateThs: per(point.hashrateThs, point.miners),
    expectedThs: per(point.expectedThs, point.miners),
    powerW: per(point.powerW, point.miners),
  }))
}
