import { DEVICE_KINDS, type DeviceKind, type MeterField } from '#edge/protocol/meters'
import { alarmsNow, figureNow, saidNow, says, stateOf } from './device_figures.js'
import { type MeterNow, meterSites } from './page_meters.js'
import type { Words } from './page_words.js'

interface Column {
  /** What it is made of: no device of a list says it, no column. */
  of: readonly MeterField[]
  isText?: boolean
  text(now: MeterNow, words: Words): string | null
}

const column = (field: MeterField, isText = false): Column => ({
  of: [field],
  isText,
  text: (now, words) => saidNow(now, field, words),
})

/** Both ways at once, in one unit: what is not known of one is shown as missing. */
const pair = (...of: MeterField[]): Column => ({
  of,
  text(now, words) {
    const both = of.map((field) => figureNow(now, field, words))
    const unit = both.find((one) => one)?.unit
    return unit ? `${both.map((one) => one?.value ?? '—').join(' / ')} ${unit}` : null
  },
})

const COLUMNS: Record<string, Column> = {
  power: column('power_w'),
  today: {
    of: ['energy_import_wh'],
    text: ({ todayWh }, words) =>
      todayWh === null ? null : `${words.number(todayWh / 1000, 1)} kWh`,
  },
  temperature: column('temperature_c'),
  humidity: column('humidity_pct'),
  supply: column('supply_temp_c'),
  return: column('return_temp_c'),
  pressure: pair('supply_pressure_bar', 'return_pressure_bar'),
  flow: column('flow_m3h'),
  pump: column('pump_running', true),
  outlets: column('outlets_on'),
}

/** The values that matter, by kind. */
const SHOWN: Record<DeviceKind, readonly string[]> = {
  meter: ['power', 'today'],
  sensor: ['temperature', 'humidity'],
  container: ['supply', 'return', 'pressure', 'flow', 'pump', 'power'],
  pdu: ['power', 'outlets', 'today'],
}

/** What it measures, where that is not what it is, and where it stands. */
export const placeOf = ({ kind, measures, zone, rack }: MeterNow, words: Words) =>
  [
    ...(kind === measures ? [] : [words.t(`fleet_meters.field.measures_options.${measures}`)]),
    ...[zone, rack].filter((one) => one !== null),
  ].join(' · ')

const rowOf = (now: MeterNow, columns: readonly string[], words: Words) => ({
  id: now.id,
  name: now.name,
  place: placeOf(now, words) || '—',
  cells: columns.map((key) => ({
    isText: COLUMNS[key]!.isText ?? false,
    text: COLUMNS[key]!.text(now, words) ?? '—',
  })),
  alarms: alarmsNow(now)?.length ?? null,
  answeredAt: now.answeredAt,
  state: stateOf(now, words),
  address: `${now.ip}:${now.port} / ${now.unit}`,
})

function groupOf(kind: DeviceKind, devices: readonly MeterNow[], words: Words) {
  const columns = SHOWN[kind].filter((key) =>
    COLUMNS[key]!.of.some((field) => devices.some((one) => says(one, field)))
  )
  const hasAlarms = devices.some((one) => one.hasAlarms || one.alarms !== null)
  const head = (key: string, align?: string) => ({
    key,
    label: words.t(`fleet_meters.column.${key}`),
    align,
  })
  return {
    kind,
    hasAlarms,
    columns: [
      head('name'),
      head(kind === 'container' || kind === 'pdu' ? 'place' : 'measures'),
      ...columns.map((key) => head(key, COLUMNS[key]!.isText ? undefined : 'right')),
      ...(hasAlarms ? [head('alarms')] : []),
      ...['age', 'state', 'address'].map((key) => head(key)),
    ],
    rows: devices.map((one) => rowOf(one, columns, words)),
  }
}

/** Devices by site and kind; of one kind when the address asks for it. */
export async function devicesPage(asked: unknown, words: Words) {
  const chosen = DEVICE_KINDS.find((kind) => kind === asked) ?? null
  const sites = await meterSites()
  const all = sites.flatMap(({ meters }) => meters)
  const count = (kind: DeviceKind) => all.filter((one) => one.kind === kind).length
  return {
    total: all.length,
    kinds: [null, ...DEVICE_KINDS].map((kind) => ({
      label: `${words.t(`fleet_devices.kinds.${kind ?? 'all'}`)} ${kind ? count(kind) : all.length}`,
      url: `/fleet/meters${kind ? `?kind=${kind}` : ''}`,
      current: kind === chosen,
    })),
    sites: sites
      .map(({ meters, balance, ...site }) => ({
        ...site,
        balance: isMetered(meters) && (chosen ?? 'meter') === 'meter' ? balance : null,
        groups: DEVICE_KINDS.filter((kind) => (chosen ?? kind) === kind)
          .map((kind) => [kind, meters.filter((one) => one.kind === kind)] as const)
          .filter(([, devices]) => devices.length > 0)
          .map(([kind, devices]) => groupOf(kind, devices, words)),
      }))
      .filter(({ groups }) => groups.length > 0),
  }
}

/** Without a meter there is nothing to weigh the miners against. */
const isMetered = (devices: readonly MeterNow[]) => devices.some(({ kind }) => kind === 'meter')
