import { current } from '#core/current'
import type { Row } from '#core/table'
import plugin from '../plugin.js'
import type { Span } from './history.js'
import type { Words } from './page_words.js'

/** What a chart draws beside its lines: a band from one moment to another, or a line at one. */
export interface ChartEvent {
  from: number
  to?: number
  label: string
  kind: string
}

/** States that explain a line, and the colour of their band. */
const BANDS: Record<string, string> = {
  offline: 'bad',
  collector_down: 'warn',
  paused: 'violet',
  maintenance: 'info',
}

/** More than this nobody can tell apart: then the longest are drawn. */
const MOST_BANDS = 12
const MOST_ALARMS = 12

interface MinerKey {
  id: string
  no: number
}

/** Outages, pauses and alarms of a miner in this span, oldest first. */
export async function minerEvents(
  miner: MinerKey,
  span: Span,
  words: Words
): Promise<ChartEvent[]> {
  const bands = bandsOf(await changesIn(miner.no, span), span)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MOST_BANDS)
    .map(({ state, ...times }) => ({
      ...times,
      label: words.code(`fleet.state.${state}`),
      kind: BANDS[state]!,
    }))
  const alarms = plugin.allows('collector.view') ? await alarmsIn(miner.id, span) : []
  const lines = alarms.map((alarm) => markOf(alarm, words))
  return [...bands, ...lines].sort((a, b) => a.from - b.from)
}

interface Change {
  at: Date
  became: string
}

/** Bands between one change and the next; the last lasts until the end of the span. */
export function bandsOf(changes: readonly Change[], { from, to }: Span) {
  return changes.flatMap(({ at, became }, index) => {
    if (!(became in BANDS)) return []
    const begin = Math.max(at.getTime(), from.getTime())
    const end = changes[index + 1]?.at.getTime() ?? to.getTime()
    return end > begin ? [{ state: became, from: begin, to: end }] : []
  })
}

/** Changes in the span, and the one before it, which says how it began. */
async function changesIn(no: number, { from, to }: Span): Promise<Change[]> {
  const { rows } = await current.get().client.rawQuery(
    `(select at, became from fleet_connectivity_changes
       where tenant_id = :tenant and miner_no = :no and at < :from order by at desc limit 1)
     union all
     (select at, became from fleet_connectivity_changes
       where tenant_id = :tenant and miner_no = :no and at >= :from and at < :to)
     order by at`,
    { tenant: current.tenantId(), no, from, to }
  )
  return rows
}

/** Alarms of collectors and sites in this span: what bends the lines of a whole fleet. */
export async function fleetEvents(span: Span, words: Words): Promise<ChartEvent[]> {
  if (!plugin.allows('collector.view')) return []
  return (await alarmsIn(null, span)).map((alarm) => markOf(alarm, words)).reverse()
}

/** A band until it was over by itself; that somebody has seen it ends nothing. */
function markOf({ raised_at: at, cleared_at: end, cleared_by: by, kind }: Row, words: Words) {
  const mark = { from: at.getTime(), label: words.code(`fleet.alarm.${kind}`), kind: 'warn' }
  return end && !by ? { ...mark, to: end.getTime() } : mark
}

/** The newest alarms of a miner, or (null) those of no single miner. */
const alarmsIn = (minerId: string | null, { from, to }: Span): Promise<Row[]> =>
  current
    .get()
    .client.from('fleet_alarms')
    .where({ tenant_id: current.tenantId(), miner_id: minerId })
    .whereBetween('raised_at', [from, to])
    .orderBy('raised_at', 'desc')
    .limit(MOST_ALARMS)
    .select('raised_at', 'cleared_at', 'cleared_by', 'kind') as unknown as Promise<Row[]>
