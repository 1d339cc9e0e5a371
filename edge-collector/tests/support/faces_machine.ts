import type { MinerCommand } from '../../src/drivers/contract.js'
import type {
  Model,
  Moment,
  SimulatedBoard,
  SimulatedMiner,
  SimulatedPool,
} from '../../src/simulator/contract.js'
import { modelNamed } from '../../src/simulator/models.js'
import type { Credentials } from '../../src/wire/contract.js'

/** As machines of a family leave the factory: its version of the firmware and its login. */
const FACTORY: Record<string, [firmware: string, user: string, password: string]> = {
  whatsminer: ['20230803.11.REL', 'admin', 'admin'],
  whatsminer_v3: ['20250214.16.Rel2', 'super', 'super'],
  avalon: ['24102401_25462b2_9ddf522', 'root', 'root'],
  luxos: ['2025.4.8.220305', 'root', 'root'],
  vnish: ['1.2.7', '', 'admin'],
  braiins_rest: ['2025-11-21-0-eb658dcd-25.11-plus', 'root', 'root'],
  braiins_graphql: ['2023-07-21-0-5ab4e75a-23.07-plus', 'root', ''],
  epic: ['PowerPlay-BMS v1.5.13', '', 'letmein'],
  axeos: ['v2.9.0', '', ''],
  cgminer: ['4.11.1', '', ''],
}

const AT = Date.UTC(2026, 5, 1, 12, 0, 0)

/** Numbers of no particular roundness, so that a wrong unit or a mixed-up board shows. */
const boardOf = (model: Model, slot: number): SimulatedBoard => ({
  slot,
  serial: `SIMB000007${slot}`,
  isAlive: true,
  chipsWorking: model.chipsPerBoard - slot,
  hashrateThs: (model.hashrateThs / model.boards) * (1 - slot / 50),
  hashrateAvgThs: (model.hashrateThs / model.boards) * (0.98 - slot / 60),
  expectedThs: model.hashrateThs / model.boards,
  pcbC: 51 + slot,
  chipC: 61 + slot,
  chipMinC: 57 + slot,
  chipMaxC: 68 + slot,
  frequencyMhz: model.frequencyMhz - slot,
  voltageV: model.boardVoltageV,
  hardwareErrors: 3 + slot,
})

/** A machine that mines. */
export const momentOf = (model: Model): Moment => {
  const boards = Array.from({ length: model.boards }, (_, slot) => boardOf(model, slot))
  return {
    at: AT,
    phase: 'mining',
    hashrateThs: boards.reduce((sum, { hashrateThs }) => sum + hashrateThs, 0),
    hashrateAvgThs: boards.reduce((sum, { hashrateAvgThs }) => sum + hashrateAvgThs, 0),
    expectedThs: model.hashrateThs,
    powerW: model.powerW * 0.987,
    powerLimitW: null,
    hashrateTargetThs: null,
    mode: 'normal',
    profile: null,
    inletC: 24.3,
    outletC: 39.4,
    boards,
    fans: Array.from({ length: model.fans }, (_, slot) => ({ slot, rpm: 4800 + 60 * slot })),
    fanPercent: 77,
    elapsedS: 98_765,
    uptimeS: 123_456,
    accepted: 5432,
    rejected: 21,
    stale: 7,
    hardwareErrors: 12,
    difficulty: 262_144,
    pools: [
      {
        url: 'stratum+tcp://one.example:3333',
        user: 'site.7',
        password: 'x',
        isAlive: true,
        isActive: true,
        accepted: 5432,
        rejected: 21,
        stale: 7,
      },
      {
        url: 'stratum+tcp://two.example:4444',
        user: 'site.7b',
        password: 'y',
        isAlive: false,
        isActive: false,
        accepted: 0,
        rejected: 0,
        stale: 0,
      },
    ],
    faults: [],
    isLocating: false,
    missing: new Set(),
  }
}

/** Asleep as a machine is: nothing hashes, some watts, averages still there. */
export const asleep = (moment: Moment): Moment => ({
  ...moment,
  phase: 'paused',
  hashrateThs: 0,
  expectedThs: 0,
  powerW: 61,
  boards: moment.boards.map((board) => ({
    ...board,
    hashrateThs: 0,
    frequencyMhz: 0,
    voltageV: 0,
  })),
  pools: moment.pools.map((pool) => ({ ...pool, isActive: false })),
})

/** The board is gone from the machine. */
export const withoutBoard = (moment: Moment, slot: number): Moment => {
  const { hashrateThs, hashrateAvgThs, expectedThs } = moment.boards[slot]!
  const nothing = { hashrateThs: 0, hashrateAvgThs: 0, expectedThs: 0, chipsWorking: 0 }
  const cold = { pcbC: 0, chipC: 0, chipMinC: 0, chipMaxC: 0, frequencyMhz: 0, voltageV: 0 }
  return {
    ...moment,
    hashrateThs: moment.hashrateThs - hashrateThs,
    hashrateAvgThs: moment.hashrateAvgThs - hashrateAvgThs,
    expectedThs: moment.expectedThs - expectedThs,
    boards: moment.boards.map((board) =>
      board.slot === slot ? { ...board, ...nothing, ...cold, isAlive: false } : board
    ),
    faults: [{ kind: 'board', slot, since: AT - 3_600_000 }],
  }
}

/** A machine of which the test sets the moment; it does what it is told at once. */
export class FakeMachine implements SimulatedMiner {
  readonly index = 7
  readonly ip = '127.0.0.1'
  readonly mac = '02:48:7F:00:00:01'
  readonly hostname = 'sim-7'
  readonly serial = 'SIM0000007'
  readonly memory = new Map<string, unknown>()
  readonly model: Model
  readonly firmwareVersion: string
  account: Credentials
  moment: Moment
  readonly orders: MinerCommand[] = []
  readonly denials: string[] = []

  constructor(name: string) {
    this.model = modelNamed(name)
    const [firmwareVersion, user, password] = FACTORY[this.model.face]!
    this.firmwareVersion = firmwareVersion
    this.account = { user, password }
    this.moment = momentOf(this.model)
  }

  now(): Moment {
    return this.moment
  }

  order(command: MinerCommand): void {
    this.orders.push(command)
    this.moment = AFTER[command.type](this.moment, command, this.model)
    if (command.type === 'reboot') this.memory.clear()
  }

  denied(command: string, reason: string): void {
    this.denials.push(`${command}: ${reason}`)
  }
}

const fresh = (pool: Pick<SimulatedPool, 'url' | 'user' | 'password'>, isActive: boolean) => ({
  ...pool,
  isAlive: true,
  isActive,
  accepted: 0,
  rejected: 0,
  stale: 0,
})

type After = (moment: Moment, command: any, model: Model) => Moment

const AFTER: Record<MinerCommand['type'], After> = {
  reboot: (moment) => ({ ...moment, elapsedS: 15, uptimeS: 40 }),
  restart_mining: (moment) => ({ ...moment, elapsedS: 15 }),
  pause: asleep,
  resume: (_, __, model) => ({ ...momentOf(model), elapsedS: 15 }),
  set_power_limit: (moment, { watts }) => ({
    ...moment,
    powerLimitW: watts,
    hashrateTargetThs: null,
  }),
  set_power_mode: (moment, { mode }) => ({ ...moment, mode }),
  set_hashrate_target: (moment, { ths }) => ({
    ...moment,
    expectedThs: ths,
    hashrateTargetThs: ths,
    powerLimitW: null,
  }),
  set_profile: (moment, { name }) => ({ ...moment, profile: name }),
  locate: (moment, { on }) => ({ ...moment, isLocating: on }),
  set_pools: (moment, { pools }: Pick<Moment, 'pools'>) => ({
    ...moment,
    pools: pools.map((pool, index) => fresh(pool, index === 0)),
  }),
}
