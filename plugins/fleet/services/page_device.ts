import { METER_FIELDS, type MeterField } from '#edge/protocol/meters'
import { alarmsNow, figureOf, FIRST, reasonOf, says, sourceOf, textOf } from './device_figures.js'
import type { MeterNow } from './page_meters.js'
import type { Words } from './page_words.js'

const MOST_TILES = 4

/** The newest values of a device: the first as tiles, the rest as a list; only what it can say. */
export function deviceFigures(now: MeterNow, words: Words) {
  const first = FIRST[now.kind].filter((field) => says(now, field)).slice(0, MOST_TILES)
  const rest = METER_FIELDS.filter(
    (field) => says(now, field) && (!first.includes(field) || field.startsWith('energy'))
  )
  return {
    tiles: first.map((field) =>
      field === 'energy_import_wh' ? todayTile(now, words) : tileOf(now, field, words)
    ),
    values: rest.map((field) => ({
      label: words.t(`fleet_meters.value.${field}`),
      text: textOf(figureOf(field, fresh(now, field), words)) ?? '—',
    })),
    source: sourceOf(now, words),
    alarms: alarmsNow(now),
    tellsAlarms: now.hasAlarms || now.alarms !== null,
  }
}

/** A counter stays true while its device is silent. */
const fresh = ({ isOld, values }: MeterNow, field: MeterField) =>
  isOld && !field.startsWith('energy') ? null : values[field]

function tileOf(now: MeterNow, field: MeterField, words: Words) {
  const figure = figureOf(field, fresh(now, field), words)
  return {
    id: `m-${field}`,
    label: words.t(`fleet_meters.value.${field}`),
    value: figure?.value ?? null,
    unit: figure?.unit || undefined,
    reason: reasonOf(now, words),
    source: sourceOf(now, words),
  }
}

const todayTile = ({ todayWh, todayUntil }: MeterNow, words: Words) => ({
  id: 'm-today',
  label: words.t('fleet_meters.column.today'),
  value: todayWh === null ? null : words.number(todayWh / 1000, 1),
  unit: 'kWh',
  reason: words.t('fleet_meters.missing.today'),
  source: {
    state: todayUntil ? 'fresh' : 'missing',
    name: words.t('fleet_meters.source.counter'),
    at: todayUntil ?? undefined,
  },
})
