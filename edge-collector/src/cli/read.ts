import type { TelemetryRecord } from '../../protocol/record.js'
import { examineAddress } from '../discovery/examine.js'
import { readMiner } from '../drivers/read_miner.js'
import { driverNamed, DRIVERS } from '../drivers/registry.js'
import { createWire } from '../wire/miner_wire.js'
import { type Command, EXIT, type Given, textOption, UsageError } from './command.js'
import { addressOf, credentialsOf, MINER_HELP, MINER_OPTIONS, portsOf } from './options.js'
import { table } from './table.js'

const AUTO = 'auto'

/** One miner, once. */
export const read: Command = {
  name: 'read',
  usage: '<ip> [--driver auto|NAME] [--ports LIST] [--user NAME --password WORD] [--json]',
  summary: 'read one miner',
  options: { ...MINER_OPTIONS, driver: { type: 'string' } },
  help: `  --driver NAME    of the list that "drivers" prints; auto finds it out
${MINER_HELP}

  Exit code 1 when no miner answers there, or when it gives no readings.`,
  run: async (given, { out, err }) => {
    const ip = addressOf(given)
    const record = await recordOf(ip, given)
    if (record === null) {
      err(`no miner that this version knows answers at ${ip}`)
      return EXIT.failed
    }
    out(given.options.json ? JSON.stringify(record, null, 2) : summaryOf(record))
    return record.outcome === 'ok' || record.outcome === 'partial' ? EXIT.done : EXIT.failed
  },
}

/** Null: nobody recognises what is there. */
const recordOf = async (ip: string, given: Given): Promise<TelemetryRecord | null> => {
  const ports = portsOf(given)
  const credentials = credentialsOf(given)
  const clock = Date.now
  const name = textOption(given, 'driver') ?? AUTO
  if (name !== AUTO) {
    const driver = driverNamed(name)
    if (!driver) throw new UsageError(`--driver: there is no "${name}"; see "drivers"`)
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
