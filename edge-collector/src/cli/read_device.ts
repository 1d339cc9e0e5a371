import { METER_MAPS } from '../../protocol/meter_maps.js'
import { METER_FIELDS, type MeterField, type MeterMap } from '../../protocol/meters.js'
import { type MeterReading, readMeter } from '../meters/read_meter.js'
import { type Recognised, recogniseModbus, recognisePage } from '../meters/recognise.js'
import { Gateway } from '../modbus/gateway.js'
import { type Given, textOption, UsageError } from './command.js'
import { table } from './table.js'

/** Where a device is; null: where such devices are. */
export interface Place {
  ip: string
  port: number | null
  unit: number | null
}

/** What a device said, as `--json` prints it. */
export interface DeviceReading extends MeterReading {
  device: string
  ip: string
  port: number
  unit: number
  observed_at: string
  poll_ms: number
}

export const DEVICE_OPTIONS = { port: { type: 'string' }, unit: { type: 'string' } } as const

export const DEVICE_HELP = `  --port N         of a device that is no miner (502; 80 for one with a page)
  --unit N         its unit behind a gateway (1, or what is usual for its map)`

const MODBUS_PORT = 502
const HTTP_PORT = 80
/** `_w` of `power_w`, longest first. */
const UNITS: readonly [ending: string, unit: string][] = [
  ['_wh', 'Wh'],
  ['_var', 'var'],
  ['_pct', '%'],
  ['_bar', 'bar'],
  ['_m3h', 'm³/h'],
  ['_hz', 'Hz'],
  ['_w', 'W'],
  ['_v', 'V'],
  ['_a', 'A'],
  ['_c', '°C'],
]

export const placeOf = (given: Given, ip: string): Place => ({
  ip,
  port: numberOf(given, 'port', 1, 65_535),
  unit: numberOf(given, 'unit', 0, 255),
})

const numberOf = (given: Given, name: string, least: number, most: number): number | null => {
  const text = textOption(given, name)
  if (text === undefined) return null
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new UsageError(`--${name}: "${text}" is no number from ${least} to ${most}`)
}

/** Asks a device everything that its map names, once. */
export async function readDevice(map: MeterMap, place: Place): Promise<DeviceReading> {
  const usual = map.usual ?? { port: map.http ? HTTP_PORT : MODBUS_PORT, unit: 1 }
  const { ip, port = null, unit = null } = place
  const at = { ip, port: port ?? usual.port, unit: unit ?? usual.unit }
  const gateway = new Gateway(at)
  const startedAt = Date.now()
  try {
    const config = { ...map, ...at, id: '', pollSeconds: 15, ctRatio: 1, ptRatio: 1 }
    const reading = await readMeter(config, gateway)
    return {
      device: map.name,
      ...at,
      observed_at: new Date(startedAt).toISOString(),
      poll_ms: Date.now() - startedAt,
      ...reading,
    }
  } finally {
    gateway.close()
  }
}

/** Finds out which device it is by what it says itself. */
export async function recognise({ ip, port, unit }: Place): Promise<Recognised | null> {
  const gateway = new Gateway({ ip, port: port ?? MODBUS_PORT })
  try {
    const said = await recogniseModbus(gateway, unit ?? 1)
    return said ?? (await recognisePage({ ip, port: port ?? HTTP_PORT }))
  } finally {
    gateway.close()
  }
}

/** What to do about a device that does not say what it is. */
export const namesHint = (said: Recognised | null): string =>
  `${said ? `something there says "${said.says}", of which there is no map; ` : ''}` +
  `with --driver these can be tried: ${METER_MAPS.map(({ name }) => name).join(', ')}`

/** Its values for people; whatever it does not say is a dash. */
export function deviceSummary(map: MeterMap, reading: DeviceReading): string {
  const { port, unit, outcome, trouble, alarms } = reading
  const said = METER_FIELDS.filter((field) => reading[field] !== undefined)
  return table([
    ['Device', `${map.label} (${map.name})`],
    ['Address', `${reading.ip}:${port}${map.http ? '' : ` unit ${unit}`}`],
    ['Outcome', outcome],
    ...said.map((field) => [labelOf(field), valueOf(field, reading[field] ?? null)]),
    ...(alarms === undefined ? [] : [['Alarms', alarmsOf(alarms)]]),
    ...(trouble ? [['Trouble', trouble]] : []),
    ['Source', `${map.source}; unverified on hardware`],
  ])
}

const endingOf = (field: MeterField) => UNITS.find(([ending]) => field.endsWith(ending))

function labelOf(field: MeterField): string {
  const words = field.slice(0, field.length - (endingOf(field)?.[0].length ?? 0))
  const text = words.replaceAll('_', ' ').replace(/\bl(?=[123]$)/, 'L')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function valueOf(field: MeterField, value: number | null): string {
  if (value === null) return '-'
  if (field === 'pump_running') return value === 1 ? 'yes' : 'no'
  return `${value} ${endingOf(field)?.[1] ?? ''}`.trim()
}

const alarmsOf = (alarms: readonly string[] | null | undefined) =>
  alarms ? alarms.join(', ') || 'none' : '-'
