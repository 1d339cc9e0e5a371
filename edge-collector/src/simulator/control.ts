import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '../discovery/addresses.js'
import { checkFaults, type FaultRow } from './fleet_file.js'
import type { Fleet } from './fleet.js'
import { Machine } from './machine.js'

const MOST_BODY = 4 * 1024 * 1024

export interface Control {
  port: number
  close(): Promise<void>
}

/** What somebody asked for cannot be done. */
class Bad extends Error {}

/**
 * Lets tests and people look into a simulated site and change it; on this machine only.
 *
 * GET /state, /miner/<ip>, /devices, /truth (one JSON a line); POST /faults [rows], /time {"advance_s"},
 * /ambient {"warmer_c"}. `settle` lets the network follow before a change is answered.
 */
export async function serveControl(
  fleet: Fleet,
  port: number,
  settle: () => Promise<void> = async () => {}
): Promise<Control> {
  const server = createServer(
    (request, response) => void answer({ fleet, settle }, request, response)
  )
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Site {
  fleet: Fleet
  settle(): Promise<void>
}

async function answer({ fleet, settle }: Site, request: IncomingMessage, response: ServerResponse) {
  const end = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  if (!isLoopback((request.headers.host ?? '').replace(/:\d+$/, ''))) {
    return end(421, { error: 'only as localhost' })
  }
  try {
    const found = await respond({ fleet, settle }, request)
    return found === null ? end(404, { error: 'not here' }) : end(200, found)
  } catch (error) {
    if (!(error instanceof Bad)) throw error
    return end(422, { error: error.message })
  }
}

async function respond({ fleet, settle }: Site, request: IncomingMessage): Promise<unknown> {
  const { method, url = '/' } = request
  if (method === 'GET') return look(fleet, url)
  if (method !== 'POST') return null
  const changed = change(fleet, url, await bodyOf(request))
  await settle()
  return changed
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const part of request) {
    text += String(part)
    if (text.length > MOST_BODY) throw new Bad('too much')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Bad('not JSON')
  }
}

function look(fleet: Fleet, path: string): unknown {
  if (path === '/state') return stateOf(fleet)
  if (path === '/truth') {
    const rows = [...fleet.truth(), ...fleet.deviceTruth()]
    return rows.map((row) => JSON.stringify(row)).join('\n')
  }
  if (path === '/devices') return devicesOf(fleet)
  const [, ip] = /^\/miner\/([\d.]+)$/.exec(path) ?? []
  const found = ip === undefined ? null : fleet.at(ip)
  if (!(found instanceof Machine)) return null
  const { missing, ...moment } = found.now()
  return {
    index: found.index,
    ip: found.ip,
    mac: found.mac,
    serial: found.serial,
    model: found.model.name,
    wireFault: found.wireFault,
    energyWh: found.energyWh,
    missing: [...missing],
    ...moment,
  }
}

/** What each device says, unit by unit. */
const devicesOf = ({ devices }: Fleet) =>
  devices.map((device) => ({
    kind: device.kind,
    ip: device.ip,
    isSilent: device.isSilent,
    units: device.units.map((unit) => {
      const { map, values, alarms } = device.state(unit)!
      return { unit, map: map.name, values, alarms }
    }),
  }))

/** Sums over the site, without recordings: whether 5 MW went off within a minute. */
export function stateOf(fleet: Fleet) {
  const sums = { miners: fleet.miners, mining: 0, hashrateThs: 0, powerW: 0, energyWh: 0 }
  for (const machine of fleet.machines()) {
    if (machine.isRecording) continue
    const { phase, hashrateThs, powerW } = machine.now()
    if (phase === 'mining') sums.mining += 1
    sums.hashrateThs += hashrateThs
    sums.powerW += powerW
    sums.energyWh += machine.energyWh
  }
  return { at: new Date(fleet.clock.now()).toISOString(), ...sums }
}

const numberIn = (body: unknown, name: string): number => {
  const value = (body as Record<string, unknown> | null)?.[name]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Bad(`${name} is no number`)
  return value
}

function befall(fleet: Fleet, rows: FaultRow[]): void {
  try {
    fleet.befall(rows)
  } catch (error) {
    if (error instanceof RangeError) throw new Bad(error.message)
    throw error
  }
}

function change(fleet: Fleet, path: string, body: unknown): unknown {
  switch (path) {
    case '/faults': {
      const fault = checkFaults(body)
      if (fault) throw new Bad(`${fault.field} ${fault.reason}`)
      befall(fleet, body as FaultRow[])
      return { faults: (body as FaultRow[]).length }
    }
    case '/time': {
      const seconds = numberIn(body, 'advance_s')
      if (seconds < 0) throw new Bad('advance_s: time does not run back')
      fleet.clock.advance(seconds)
      return { at: new Date(fleet.clock.now()).toISOString() }
    }
    case '/ambient':
      fleet.warmBy(numberIn(body, 'warmer_c'))
      return { warmer_c: numberIn(body, 'warmer_c') }
    default:
      return null
  }
}
