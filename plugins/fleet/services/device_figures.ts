import type { DeviceKind, MeterField } from '#edge/protocol/meters'
import type { MeterNow } from './page_meters.js'
import type { Figure, Words } from './page_words.js'

type Plain = readonly [unit: string, digits: number]

/** Units and digits of what needs neither steps nor words. */
const PLAIN: Partial<Record<MeterField, Plain>> = {
  voltage_l1_v: ['V', 1],
  voltage_l2_v: ['V', 1],
  voltage_l3_v: ['V', 1],
  current_l1_a: ['A', 2],
  current_l2_a: ['A', 2],
  current_l3_a: ['A', 2],
  reactive_power_var: ['var', 0],
  power_factor: ['', 3],
  frequency_hz: ['Hz', 2],
  temperature_c: ['°C', 1],
  humidity_pct: ['%', 1],
  supply_temp_c: ['°C', 1],
  return_temp_c: ['°C', 1],
  supply_pressure_bar: ['bar', 2],
  return_pressure_bar: ['bar', 2],
  flow_m3h: ['m³/h', 1],
  outlets_on: ['', 0],
}

/** A value of a device as people read it; null: nobody knows. */
export function figureOf(field: MeterField, value: number | null, words: Words): Figure | null {
  if (value === null) return null
  if (field === 'pump_running') {
    return { value: words.t(`fleet_devices.pump.${value > 0 ? 'on' : 'off'}`), unit: '' }
  }
  if (field.startsWith('energy')) return { value: words.number(value / 1000, 3)!, unit: 'kWh' }
  const plain = PLAIN[field]
  return plain ? { value: words.number(value, plain[1])!, unit: plain[0] } : words.power(value)
}

export const textOf = (figure: Figure | null) =>
  figure ? [figure.value, figure.unit].filter(Boolean).join(' ') : null

/** What a device says now; null: it is silent, or does not say this. */
export const figureNow = (now: MeterNow, field: MeterField, words: Words) =>
  now.isOld ? null : figureOf(field, now.values[field], words)

/** The same as one text. */
export const saidNow = (now: MeterNow, field: MeterField, words: Words) =>
  textOf(figureNow(now, field, words))

/** The alarms that go on; null: nobody knows now, or it has none. */
export const alarmsNow = ({ isOld, alarms }: Pick<MeterNow, 'isOld' | 'alarms'>) =>
  isOld ? null : alarms

/** How a device is, as a pill. */
export function stateOf({ outcome, isOld, alarms }: MeterNow, words: Words) {
  const state = (kind: string, word: string) => ({
    kind,
    text: words.t(`fleet_meters.outcome.${word}`),
  })
  if (outcome === null) return state('info', 'never')
  if (outcome !== 'ok') return state('warn', outcome)
  if (isOld) return state('warn', 'old')
  return alarms?.length ? state('bad', 'warns') : state('good', 'ok')
}

/** Where figures of a device come from, as the `source` component takes it. */
export const sourceOf = ({ answeredAt, isOld, kind }: MeterNow, words: Words) => ({
  state: answeredAt ? (isOld ? 'old' : 'fresh') : 'missing',
  name: words.t(`fleet_devices.kind.${kind}`),
  at: answeredAt ?? undefined,
})

/** Why a figure of it is missing. */
export const reasonOf = ({ answeredAt, isOld }: MeterNow, words: Words) =>
  words.t(`fleet_meters.missing.${answeredAt ? (isOld ? 'old' : 'not_said') : 'never'}`)

/** Whether such a device says this at all. */
export const says = ({ fields, values }: MeterNow, field: MeterField) =>
  fields.has(field) || values[field] !== null

/** What matters first, by kind. */
export const FIRST: Record<DeviceKind, readonly MeterField[]> = {
  meter: ['power_w', 'energy_import_wh', 'temperature_c', 'humidity_pct'],
  sensor: ['temperature_c', 'humidity_pct'],
  container: [
    ...(['supply_temp_c', 'return_temp_c', 'power_w', 'flow_m3h', 'pump_running'] as const),
    ...(['supply_pressure_bar', 'return_pressure_bar'] as const),
  ],
  pdu: ['power_w', 'outlets_on', 'energy_import_wh', 'temperature_c'],
}
