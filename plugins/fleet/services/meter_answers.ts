import { BadInput } from '#core/errors'
import type { DeviceKind } from '#edge/protocol/meters'
import Meter from '../models/meter.js'
import { type IntervalMinutes, meterIntervals } from './meter_history.js'
import { metersNow } from './page_meters.js'

const when = (at: Date | null) => at?.toISOString() ?? null

interface Wanted {
  cursor?: string | undefined
  limit: number
  kind?: DeviceKind | undefined
}

/**
 * So many devices after the one with this number, in the order of numbers; of one kind when asked.
 * Values and alarms are those of the newest reading; `isOld` tells whether that is now.
 */
export async function metersAnswer({ cursor, limit, kind }: Wanted) {
  const rest = (await metersNow())
    .filter((one) => one.no > Number(cursor ?? 0) && (kind ?? one.kind) === one.kind)
    .sort((a, b) => a.no - b.no)
  const page = rest.slice(0, limit)
  return {
    data: page.map((one) => ({
      id: one.id,
      no: one.no,
      name: one.name,
      kind: one.kind,
      map: one.map,
      measures: one.measures,
      siteId: one.siteId,
      zone: one.zone,
      rack: one.rack,
      outcome: one.outcome,
      answeredAt: when(one.answeredAt),
      isOld: one.isOld,
      values: one.values,
      alarms: one.alarms,
      todayWh: one.todayWh,
      todayUntil: when(one.todayUntil),
    })),
    nextCursor: rest.length > limit ? String(page.at(-1)!.no) : null,
  }
}

interface Asked {
  from: Date
  to: Date
  minutes: IntervalMinutes
}

const MOST_INTERVALS = 10_000

/** Intervals of one meter. Throws E_NOT_FOUND, or BadInput for more than can be told at once. */
export async function intervalsAnswer(id: string, asked: Asked) {
  const meter = await Meter.named(id)
  const count = (asked.to.getTime() - asked.from.getTime()) / (asked.minutes * 60_000)
  if (count > MOST_INTERVALS) {
    throw new BadInput([
      { field: 'from', key: 'fleet_meters.fault.too_long', args: { most: MOST_INTERVALS } },
    ])
  }
  const intervals = await meterIntervals(meter.no, asked)
  return {
    data: intervals.map(({ start, ...one }) => ({ start: start.toISOString(), ...one })),
    _meta: { layer: '5min', resolutionSeconds: asked.minutes * 60 },
  }
}
