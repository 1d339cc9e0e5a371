import { scanRanges } from '../../src/discovery/scan_ranges.js'
import type { MinerCommand } from '../../src/drivers/contract.js'
import { readMiner } from '../../src/drivers/read_miner.js'
import { driverNamed, DRIVERS } from '../../src/drivers/registry.js'
import { systemTime } from '../../src/poll/time.js'
import { VirtualClock } from '../../src/simulator/clock.js'
import { FACTORIES } from '../../src/simulator/factory.js'
import type { FaultRow, Group } from '../../src/simulator/fleet_file.js'
import { Fleet } from '../../src/simulator/fleet.js'
import type { CommandEntry } from '../../src/simulator/machine.js'
import { serveFleet } from '../../src/simulator/server.js'
import type { Credentials } from '../../src/wire/contract.js'
import { createWire } from '../../src/wire/miner_wire.js'

/** Antminers in a row, from the first address of a net like 127.34.0. */
export const antminers = (net: string, count: number): Group[] => [
  { model: 'Antminer S21', count, base: `${net}.1` },
]

const accountOf = (driver: string) => FACTORIES[driver]?.account ?? null

/**
 * Simulated miners on the network of this machine, whose time stands still until the test moves it,
 * and our collector that looks at them.
 */
export async function openSimulatedSite(given: { groups: Group[]; faults?: FaultRow[] }) {
  const clock = new VirtualClock(Date.UTC(2026, 5, 1), 0)
  const commands: CommandEntry[] = []
  const file = { seed: 11, groups: given.groups, faults: given.faults ?? [] }
  const fleet = new Fleet({ file, clock, log: (entry) => commands.push(entry) })
  const server = await serveFleet(fleet, { rpc: 0, http: 0, v3: 0 })
  const ports = { ...server.ports, https: 1, rest: 1 }

  const wireOf = (index: number, driver: string, credentials = accountOf(driver)) =>
    createWire({
      ip: fleet.machine(index).ip,
      ports,
      credentials,
      // Two ports that drop what comes are found silent before the time is over.
      connectMs: 200,
      deadlineMs: 1800,
    })
  /** By the driver of the machine's model, or by another; with the account of its maker. */
  const read = async (index: number, driver = fleet.machine(index).model.face) => {
    await server.settle()
    return readMiner(driverNamed(driver)!, wireOf(index, driver), () => clock.now())
  }
  /** With another account; null: without any. */
  const readAs = async (index: number, credentials: Credentials | null) => {
    await server.settle()
    const driver = fleet.machine(index).model.face
    return readMiner(driverNamed(driver)!, wireOf(index, driver, credentials), Date.now)
  }
  const act = async (index: number, command: MinerCommand) => {
    const driver = fleet.machine(index).model.face
    return driverNamed(driver)!.act!(wireOf(index, driver), command, await read(index))
  }
  const scan = async (range: string) => {
    await server.settle()
    return scanRanges({
      ranges: [range],
      networks: ['127.0.0.0/8'],
      ports,
      credentialsFor: (_, driver) => accountOf(driver),
      drivers: DRIVERS,
      time: systemTime,
      seed: 1,
      signal: new AbortController().signal,
      onFault: (ip, error) => {
        throw new Error(ip, { cause: error })
      },
    })
  }
  return {
    clock,
    commands,
    fleet,
    ports,
    settle: server.settle,
    read,
    readAs,
    act,
    scan,
    close: server.close,
  }
}

export type SimulatedSite = Awaited<ReturnType<typeof openSimulatedSite>>
