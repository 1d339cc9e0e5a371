import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  DEMO_FILE,
  type DemoDevice,
  type DemoFleet,
  type DemoGroup,
  type DemoSite,
} from '../../protocol/demo.js'
import { toIp, toNumber } from '../../protocol/ranges.js'
import { DRIVERS } from '../drivers/registry.js'
import type { Log } from '../poll/time.js'
import { saveKey, saveMembership } from '../portal/identity.js'
import { writePrivate } from '../portal/files.js'
import { Refusal } from '../portal/refusal.js'
import { VirtualClock } from '../simulator/clock.js'
import type { FleetFile } from '../simulator/fleet_file.js'
import { queuePast } from '../simulator/past.js'
import { demoDeviceFaults, demoFaults } from '../simulator/demo_faults.js'
import type { DeviceRow } from '../simulator/device_rows.js'
import { serveDevices } from '../simulator/device_server.js'
import { FACTORIES } from '../simulator/factory.js'
import { Fleet } from '../simulator/fleet.js'
import { modelNamed } from '../simulator/models.js'
import { serveFleet } from '../simulator/server.js'
import { Collector } from './collector.js'
import { type Command, EXIT, type Given, textOption, UsageError } from './command.js'
import { noWords, refusing } from './state_folder.js'

const LINGER_MS = 2000

/** As the collector has it. */
const QUEUE_BYTES = 512 * 1024 * 1024

/** The sites of a portal's demo: simulated miners, meters and containers, and a collector for each site that reads them. */
export const demo: Command = {
  name: 'demo',
  usage: '--home DIR --portal URL',
  summary: 'play the simulated sites of a portal with demo data',
  options: { home: { type: 'string' }, portal: { type: 'string' } },
  help: `  --home DIR       data folder of the portal, which wrote ${DEMO_FILE} there
  --portal URL     where it listens

  npm start of the portal runs this by itself while it has demo data.`,
  run: refusing(async (given, { err, signal }) => {
    noWords(given)
    const home = resolve(needed(given, 'home'))
    const portal = new URL(needed(given, 'portal')).origin
    const file = readDemo(home)
    const log: Log = (level, message) => {
      if (level !== 'info') err(`demo fleet: ${message}`)
    }
    tellPast(home, file)
    const fleet = fleetOf(file)
    const server = await serveFleet(fleet, file.ports)
    const { http, modbus = 0 } = file.ports
    const devices = await serveDevices(fleet.devices, { http, modbus })
    const collectors = file.sites.map((site) => collectorOf({ home, portal, site, log }))
    try {
      await Promise.race([aborted(signal), ...collectors.map((collector) => collector.run())])
    } finally {
      await Promise.all(collectors.map((collector) => collector.stop()))
      await devices.close()
      await server.close()
    }
    // A miner that answers slowly must not hold up the end. Unref: usually nothing is left to do.
    setTimeout(() => process.exit(), LINGER_MS).unref()
    return EXIT.done
  }),
}

const needed = (given: Given, name: string): string => {
  const value = textOption(given, name)
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}

function readDemo(home: string): DemoFleet {
  const path = join(home, DEMO_FILE)
  if (!existsSync(path)) throw new Refusal(`${path} is not there: this portal has no demo fleet`)
  return JSON.parse(readFileSync(path, 'utf8')) as DemoFleet
}

/** All sites are one fleet: what befalls machines is told by their number among all. */
function storyOf({ seed, sites }: DemoFleet): FleetFile {
  const groups = sites.flatMap((site) => site.groups)
  const miners = groups.reduce((sum, { count }) => sum + count, 0)
  const devices = sites.flatMap((site) => (site.devices ?? []).map((one) => rowOf(one, groups)))
  return { seed, groups, devices, faults: demoFaults(seed, miners) }
}

/** Machines are named by their addresses there and by their number here. */
function rowOf({ kind, ip, base, count }: DemoDevice, groups: DemoGroup[]): DeviceRow {
  let index = 0
  for (const group of groups) {
    const step = toNumber(base)! - toNumber(group.base)!
    if (step >= 0 && step < group.count) {
      const faults = kind === 'abb_meter' ? [] : demoDeviceFaults()
      return { kind, ip, first: index + step, count, faults }
    }
    index += group.count
  }
  throw new Refusal(`${DEMO_FILE}: no machine at ${base}`)
}

/** The story goes on where it was when the portal is started again. */
const fleetOf = (file: DemoFleet): Fleet =>
  new Fleet({
    file: storyOf(file),
    clock: new VirtualClock(file.startAt, 1, Date.now, file.startAt),
  })

const folderOf = (home: string, { membership }: DemoSite) =>
  join(home, 'demo-edges', membership.collectorId)
const queueFile = (home: string, site: DemoSite) => join(folderOf(home, site), 'queue.db')

/** The first time, what the sites did before: pages with an empty past show little. */
function tellPast(home: string, file: DemoFleet): void {
  if (file.sites.some((site) => existsSync(queueFile(home, site)))) return
  const siteOf = (ip: string) => file.sites.find((site) => isOf(site, ip))!
  const devices = file.sites.flatMap((site) => site.devices ?? [])
  queuePast({
    file: storyOf(file),
    from: file.startAt,
    to: Date.now() - 60_000,
    maxBytes: QUEUE_BYTES,
    queueOf: (ip) => queueFile(home, siteOf(ip)),
    unitsOf: (ip) => devices.find((device) => device.ip === ip)?.units ?? [],
  })
}

const isOf = ({ groups, devices = [] }: DemoSite, ip: string) =>
  devices.some((device) => device.ip === ip) ||
  groups.some(({ base, count }) => {
    const step = toNumber(ip)! - toNumber(base)!
    return step >= 0 && step < count
  })

interface Playing {
  home: string
  portal: string
  site: DemoSite
  log: Log
}

function collectorOf({ home, portal, site, log }: Playing): Collector {
  const folder = folderOf(home, site)
  saveKey(folder, site.key)
  saveMembership(folder, { ...site.membership, portal, enrolledAt: Date.now() })
  const settings = { networks: ['127.0.0.0/8'], credentials: credentialsOf(site), ipReports: false }
  writePrivate(join(folder, 'edge.json'), JSON.stringify(settings))
  return new Collector({ folder, drivers: DRIVERS, log })
}

const credentialsOf = ({ groups }: DemoSite) =>
  groups.flatMap(({ base, count, model }) => {
    const first = toNumber(base)!
    const { account } = FACTORIES[modelNamed(model).face]!
    return { addresses: `${base}-${toIp(first + count - 1)}`, ...account }
  })

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
