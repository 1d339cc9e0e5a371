import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { toIp, toNumber } from '../../protocol/ranges.js'
import { Refusal } from '../portal/refusal.js'
import { serveControl, stateOf } from '../simulator/control.js'
import { VirtualClock } from '../simulator/clock.js'
import { Fleet } from '../simulator/fleet.js'
import { checkFaults, checkFleet, type FaultRow, type FleetFile } from '../simulator/fleet_file.js'
import { MODELS } from '../simulator/models.js'
import { serveDevices } from '../simulator/device_server.js'
import { serveFleet, type SimulatorPorts } from '../simulator/server.js'
import { DEFAULT_PORTS } from '../wire/contract.js'
import { type Command, EXIT, type Given, textOption, UsageError } from './command.js'
import { runLoad } from './load.js'
import { noWords, refusing } from './state_folder.js'

const OFFSET = 10_000
const MODBUS_PORT = 502

/** A site that exists in this machine only. */
export const simulate: Command = {
  name: 'simulate',
  usage: '[--miners N --models LIST --base IP | --fleet FILE] [--scenario FILE] [--speed N] …',
  summary: 'play a site with miners on loopback, to try things out',
  options: {
    'miners': { type: 'string' },
    'models': { type: 'string' },
    'base': { type: 'string' },
    'seed': { type: 'string' },
    'fleet': { type: 'string' },
    'scenario': { type: 'string' },
    'speed': { type: 'string' },
    'port-offset': { type: 'string' },
    'control': { type: 'string' },
    'commands': { type: 'string' },
    'truth': { type: 'string' },
    'max-seconds': { type: 'string' },
    'load': { type: 'string' },
    'every': { type: 'string' },
    'rounds': { type: 'string' },
  },
  help: `  --miners N       how many (100)
  --models LIST    separated by commas, mixed evenly; absent: all of the list below
  --base IP        the first address, on loopback (127.8.0.1)
  --seed N         the same seed gives the same fleet (1)
  --fleet FILE     JSON with seed, groups and devices, instead of the options above
  --scenario FILE  JSON list of faults: kind, atS, forS and indexes or of (a share)
  --speed N        seconds there for a second here (1)
  --port-offset N  added to 4028, 80, 4433 and 502 (${OFFSET})
  --control PORT   /state, /miner/<ip>, /devices, /truth, /faults, /time, /ambient; 0 is any free one
  --commands FILE  a line of JSON for each command that the miners were given
  --truth FILE     the faults as they will come, a line of JSON each
  --max-seconds N  ends by itself (600); 0: when it is told to
  --load DIR       no network: sends signed batches of all miners to the portal at once, as the
                   collector that was enrolled in this state folder, and prints JSON
  --every N        seconds from round to round of --load (15)
  --rounds N       of --load (4)

  Nothing but this machine can reach it. Models:
${MODELS.map(({ name, face }) => `    ${name} (${face})`).join('\n')}`,
  run: refusing(async (given, { out, err, signal }) => {
    noWords(given)
    const file = fleetOf(given)
    const clock = new VirtualClock(startOf(file), countOf(given, 'speed', 1))
    const fleet = fleetFrom(file, clock, textOption(given, 'commands'))
    writeTruth(fleet, textOption(given, 'truth'))
    const folder = textOption(given, 'load')
    if (folder !== undefined) {
      if (file.groups.some(({ template }) => template !== undefined)) {
        throw new UsageError('--load: recordings are only played over the network')
      }
      const everyMs = countOf(given, 'every', 15) * 1000
      const rounds = wholeOf(given, 'rounds', 4)
      out(JSON.stringify(await runLoad({ fleet, folder, everyMs, rounds, signal, say: err })))
      return EXIT.done
    }
    const server = await serving(() => serveFleet(fleet, portsOf(given)))
    const devices = await serving(() => serveDevices(fleet.devices, devicePortsOf(given)))
    const control = given.options.control
      ? await serving(() => serveControl(fleet, wholeOf(given, 'control', 0), server.settle))
      : null
    try {
      const { rpc, http, v3 } = server.ports
      const { miners, hashrateThs } = stateOf(fleet)
      out(
        `${miners} miners, ${Math.round(hashrateThs)} TH/s; ports rpc=${rpc},http=${http},v3=${v3}`
      )
      if (fleet.devices.length > 0) {
        out(`${fleet.devices.length} devices; ports modbus=${devices.ports.modbus},http=${http}`)
      }
      if (control) out(`control at http://127.0.0.1:${control.port}/state`)
      await ended(signal, countOf(given, 'max-seconds', 600))
    } finally {
      await control?.close()
      await devices.close()
      await server.close()
    }
    return EXIT.done
  }),
}

const countOf = (given: Given, name: string, otherwise: number): number => {
  const text = textOption(given, name)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0)
    throw new UsageError(`--${name}: "${text}" is no number`)
  return value
}

/** For what is counted; `least` at the least. */
const wholeOf = (given: Given, name: string, otherwise: number, least = 0): number => {
  const value = countOf(given, name, otherwise)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`--${name}: "${value}" is no whole number from ${least} on`)
}

const portsOf = (given: Given): SimulatorPorts => {
  const offset = wholeOf(given, 'port-offset', OFFSET)
  const { rpc, http, v3 } = DEFAULT_PORTS
  const ports = { rpc: rpc + offset, http: http + offset, v3: v3 + offset }
  if (ports.v3 > 65_535) throw new UsageError('--port-offset: the ports end at 65535')
  return ports
}

const devicePortsOf = (given: Given) => {
  const offset = wholeOf(given, 'port-offset', OFFSET)
  return { modbus: MODBUS_PORT + offset, http: DEFAULT_PORTS.http + offset }
}

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Refusal(`${path}: ${(error as Error).message}`)
  }
}

const fleetOf = (given: Given): FleetFile => {
  const path = textOption(given, 'fleet')
  const file = path === undefined ? fleetOfOptions(given) : (readJson(path) as FleetFile)
  const fault = checkFleet(file)
  if (fault) throw new Refusal(`${path ?? 'the fleet'}: ${fault.field} ${fault.reason}`)
  const scenario = textOption(given, 'scenario')
  if (scenario === undefined) return file
  const faults = readJson(scenario)
  const bad = checkFaults(faults)
  if (bad) throw new Refusal(`${scenario}: ${bad.field} ${bad.reason}`)
  return { ...file, faults: [...(file.faults ?? []), ...(faults as FaultRow[])] }
}

/** Models follow each other address by address, so that each range has all of them. */
const fleetOfOptions = (given: Given): FleetFile => {
  const miners = wholeOf(given, 'miners', 100, 1)
  const names = textOption(given, 'models')?.split(',') ?? MODELS.map(({ name }) => name)
  const base = textOption(given, 'base') ?? '127.8.0.1'
  const first = toNumber(base)
  if (first === null) throw new UsageError(`--base: "${base}" is not an IPv4 address`)
  const perModel = Math.ceil(miners / names.length)
  const groups = names.flatMap((model, place) => {
    const count = Math.min(perModel, miners - place * perModel)
    const at = first + place * perModel
    return count > 0 ? [{ model: model.trim(), count, base: toIp(at) }] : []
  })
  return { seed: wholeOf(given, 'seed', 1), groups }
}

const startOf = ({ startAt }: FleetFile): number =>
  startAt === undefined ? Date.now() : Date.parse(startAt)

const fleetFrom = (file: FleetFile, clock: VirtualClock, commands: string | undefined): Fleet => {
  try {
    return new Fleet({
      file,
      clock,
      ...(commands
        ? { log: (entry) => appendFileSync(commands, `${JSON.stringify(entry)}\n`) }
        : {}),
    })
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(error.message)
    throw error
  }
}

const writeTruth = (fleet: Fleet, path: string | undefined): void => {
  if (path === undefined) return
  writeFileSync(
    path,
    [...fleet.truth(), ...fleet.deviceTruth()].map((row) => `${JSON.stringify(row)}\n`).join('')
  )
}

/** What the system refuses is said in a line. */
const serving = async <T>(start: () => Promise<T>): Promise<T> => {
  try {
    return await start()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof RangeError) throw new Refusal(message)
    if (code === 'EMFILE') {
      throw new Refusal('too many open files: raise `ulimit -n` to twice the number of miners')
    }
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new Refusal(`${message}; see --port-offset`)
    throw error
  }
}

const ended = (signal: AbortSignal, maxSeconds: number): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = maxSeconds > 0 ? setTimeout(resolve, maxSeconds * 1000) : undefined
    // A listener of the network keeps the process alive; the end comes from outside or by time.
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
