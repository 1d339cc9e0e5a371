import { mapNamed } from '../../protocol/meter_maps.js'
import type { MeterMap } from '../../protocol/meters.js'
import type { TelemetryRecord } from '../../protocol/record.js'
import { examineAddress } from '../discovery/examine.js'
import { readMiner } from '../drivers/read_miner.js'
import { driverNamed, DRIVERS } from '../drivers/registry.js'
import { createWire } from '../wire/miner_wire.js'
import { type Command, EXIT, type Given, textOption, UsageError } from './command.js'
import { addressOf, credentialsOf, MINER_HELP, MINER_OPTIONS, portsOf } from './options.js'
import {
  DEVICE_HELP,
  DEVICE_OPTIONS,
  deviceSummary,
  namesHint,
  placeOf,
  readDevice,
  recognise,
} from './read_device.js'
import { table } from './table.js'

const AUTO = 'auto'

/** One miner or one other device, once. */
export const read: Command = {
  name: 'read',
  usage:
    '<ip> [--driver auto|NAME] [--ports LIST] [--user NAME --password WORD] [--port N --unit N] [--json]',
  summary: 'read one miner, meter, sensor, PDU or container',
  options: { ...MINER_OPTIONS, ...DEVICE_OPTIONS, driver: { type: 'string' } },
  help: `  --driver NAME    of the lists that "drivers" prints; auto finds out which miner it is or, when
                   none answers, which device, if that says what it is
${MINER_HELP}
${DEVICE_HELP}

  Exit code 1 when nothing known answers there, or when it gives no readings.`,
  run: async (given, { out, err }) => {
    const ip = addressOf(given)
    const name = textOption(given, 'driver') ?? AUTO
    const map = mapNamed(name)
    if (map) return printDevice(map, given, out)
    const record = await recordOf(ip, name, given)
    if (record) {
      out(given.options.json ? JSON.stringify(record, null, 2) : summaryOf(record))
      return isRead(record) ? EXIT.done : EXIT.failed
    }
    const device = await recognise(placeOf(given, ip))
    if (device?.map) return printDevice(device.map, given, out)
    err(`no miner that this version knows answers at ${ip}; ${namesHint(device)}`)
    return EXIT.failed
  },
}

async function printDevice(map: MeterMap, given: Given, out: (text: string) => void) {
  const reading = await readDevice(map, placeOf(given, addressOf(given)))
  out(given.options.json ? JSON.stringify(reading, null, 2) : deviceSummary(map, reading))
  return isRead(reading) ? EXIT.done : EXIT.failed
}

const isRead = ({ outcome }: { outcome: string }) => outcome === 'ok' || outcome === 'partial'

/** Null: nobody recognises what is there. */
const recordOf = async (
  ip: string,
  name: string,
  given: Given
): Promise<TelemetryRecord | null> => {
  const ports = portsOf(given)
  const credentials = credentialsOf(given)
  const clock = Date.now
  const place = placeOf(given, ip)
  if (name !== AUTO) {
    const driver = driverNamed(name)
    if (!driver) throw new UsageError(`--driver: there is no "${name}"; see "drivers"`)
    if (place.port !== null || place.unit !== null) {
      throw new UsageError('--port and --unit are for devices that are no miners; see --ports')
    }
    return readMiner(driver, createWire({ ip, ports, credentials }), clock)
  }
  const isAllowed = (other: string) => other === ip
  const options = { drivers: DRIVERS, clock, ports, credentials, isAllowed }
  const it = await examineAddress(ip, options)
  return it?.record ?? null
}

const summaryOf = (record: TelemetryRecord): string => {
  const { make, model, firmware_family: family, firmware_version: version } = record
  return table([
    ['Miner', words(make, model)],
    ['Firmware', words(family, version)],
    ['MAC', words(record.mac)],
    ['State', words(record.state, `(${record.outcome})`)],
    ['Hashrate', quantity(record.hashrate_ths, 'TH/s')],
    ['Power', quantity(record.wattage_w, 'W')],
    ['Efficiency', quantity(record.efficiency_jth, 'J/TH')],
    ['Hottest', quantity(record.temp_max_c, '°C')],
    ['Boards', words(record.hashboards?.filter(({ present }) => present).length)],
    ['Pools', words(...(record.pools ?? []).map(({ url }) => url))],
    ['Faults', words(...(record.errors ?? []).map(({ code }) => code))],
    ...record.problems.map(({ request, kind, detail }) => [
      'Problem',
      words(request, kind, detail),
    ]),
  ])
}

const words = (...parts: (string | number | null | undefined)[]) =>
  parts.filter((part) => part !== null && part !== undefined).join(' ') || '-'

const quantity = (value: number | null, unit: string) =>
  value === null ? '-' : `${Math.round(value * 100) / 100} ${unit}`
