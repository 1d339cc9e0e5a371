import { toIp, toNumber } from '../../protocol/ranges.js'
import type { Face } from './contract.js'
import { type DeviceFault, SimulatedDevice } from './device.js'
import { consequencesOf, refuseDevices } from './device_rows.js'
import { FACES } from './faces/index.js'
import type { Fault, FaultKind } from './faults.js'
import { checkRows } from './fault_rows.js'
import type { FaultRow, FleetFile, Group } from './fleet_file.js'
import { factoryOf, type Kind, kindOf } from './kinds.js'
import { type CommandEntry, Machine } from './machine.js'
import { modelNamed } from './models.js'
import { Random } from './random.js'
import type { Stranger } from './strangers.js'
import type { VirtualClock } from './clock.js'

const POOLS = ['stratum+tcp://pool-a.example:3333', 'stratum+tcp://pool-b.example:3333']
const DAY_MS = 86_400_000
/** How much warmer the afternoon is than the mean of the day. */
const DAY_SWING_C = 4

/** Faults by which an address refuses or is silent, now and then. */
const UNSTEADY: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'silent',
  'refused',
  'network_flap',
  'api_off',
  'reboot_loop',
  'firmware_upgrade',
  'ip_change',
])

/** Who stands at an address. */
export type Resident = Machine | Stranger | null

interface Placed extends Group {
  /** Null: no machines. */
  kind: Kind | null
  first: number
  /** Of its first machine among all. */
  index: number
}

export interface FleetOptions {
  file: FleetFile
  clock: VirtualClock
  log?: (entry: CommandEntry) => void
}

/**
 * Machines at their addresses. A machine is made when somebody asks for it, so that ten thousand
 * cost nothing until then.
 */
export class Fleet {
  readonly clock: VirtualClock
  readonly seed: number
  readonly miners: number
  readonly devices: readonly SimulatedDevice[]
  readonly #groups: Placed[] = []
  readonly #machines = new Map<number, Machine>()
  readonly #moves = new Map<number, number>()
  readonly #log: (entry: CommandEntry) => void
  readonly #meanC: number
  #warmerC = 0
  readonly #rebooted = new Set<number>()
  #unsteady: Set<string> | null = null
  #rows: readonly FaultRow[]

  constructor({ file, clock, log = () => {} }: FleetOptions) {
    this.clock = clock
    this.seed = file.seed
    this.#log = log
    this.#meanC = file.ambientC ?? 22
    const devices = file.devices ?? []
    this.#rows = [...(file.faults ?? []), ...consequencesOf(devices)]
    let index = 0
    for (const group of file.groups) {
      const first = toNumber(group.base)!
      const kind = kindOf(group)
      this.#groups.push({ ...group, kind, first, index })
      if (kind) index += group.count
    }
    this.miners = index
    this.#refuseOverlaps()
    checkRows(this.#rows, this.miners)
    this.#planMoves()
    refuseDevices(devices, this.miners, (address) => this.#isTaken(address))
    this.devices = devices.map((row, place) => new SimulatedDevice(row, this, place))
  }

  /** Every address where somebody is, or will be, with the faces that it will have had. */
  *addresses(): Iterable<{ ip: string; faces: Face[]; stranger: Stranger | null }> {
    for (const group of this.#groups) {
      const { kind, first, index, count, stranger = null } = group
      for (let step = 0; step < count; step++) {
        const faces = kind ? this.#facesOf(index + step, group) : []
        yield { ip: toIp(first + step), faces, stranger }
      }
    }
    for (const [address, index] of this.#moves) {
      const faces = this.#facesOf(index, this.#groupOf(index))
      yield { ip: toIp(address), faces, stranger: null }
    }
  }

  /** Addresses that may refuse or be silent at times: by a fault, or because somebody rebooted them. */
  unsteady(): ReadonlySet<string> {
    if (this.#unsteady) return this.#unsteady
    const found = new Set([...this.#moves.keys()].map(toIp))
    const rows = [...this.#rows.entries()].filter(([, { kind }]) => UNSTEADY.has(kind))
    for (let index = 0; index < this.miners && rows.length > 0; index++) {
      const isHit = rows.some(([place, row]) => this.#isHit(row, index, place))
      if (isHit) found.add(this.#addressOf(index))
    }
    for (const index of this.#rebooted) found.add(this.#addressOf(index))
    this.#unsteady = found
    return found
  }

  #facesOf(index: number, { kind }: Placed): Face[] {
    const upgrades = this.#rows.filter((row) => row.kind === 'firmware_upgrade' && row.becomes)
    const later = upgrades.filter((row) => this.#isHit(row, index, this.#rows.indexOf(row)))
    const { model, replay } = kind!
    const then = later.map((row) => FACES[modelNamed(row.becomes!).face]!)
    return [replay ?? FACES[model.face]!, ...then]
  }

  /** Who answers at this address now. */
  at(ip: string): Resident {
    const address = toNumber(ip)
    if (address === null) return null
    const group = this.#groups.find(
      ({ first, count }) => address >= first && address < first + count
    )
    if (group?.stranger) return group.stranger
    const index = group ? group.index + address - group.first : this.#moves.get(address)
    if (index === undefined) return null
    const machine = this.machine(index)
    return machine.ip === ip ? machine : null
  }

  /** The machine with this number. Throws when there is none. */
  machine(index: number): Machine {
    const known = this.#machines.get(index)
    if (known) return known
    const made = this.#make(index)
    this.#machines.set(index, made)
    return made
  }

  *machines(): Iterable<Machine> {
    for (let index = 0; index < this.miners; index++) yield this.machine(index)
  }

  /** Air at the site: warmest at three in the afternoon UTC. */
  ambientC(at: number): number {
    const hour = (2 * Math.PI * (at % DAY_MS)) / DAY_MS
    return this.#meanC + this.#warmerC + DAY_SWING_C * Math.cos(hour - (2 * Math.PI * 15) / 24)
  }

  /** From now on the air is so much warmer than the day has it. */
  warmBy(degreesC: number): void {
    this.#warmerC = degreesC
  }

  /**
   * More faults from now on; `atS` counts from now. Machines keep what they have. Throws RangeError
   * for faults that cannot be.
   */
  befall(rows: readonly FaultRow[]): void {
    if (rows.some(({ kind }) => kind === 'ip_change')) {
      throw new RangeError('ip_change: only in the file that the site begins with')
    }
    checkRows(rows, this.miners)
    const passedS = (this.clock.now() - this.clock.startedAt) / 1000
    const late = rows.map((row) => ({ ...row, atS: row.atS + passedS }))
    const salt = this.#rows.length
    this.#rows = [...this.#rows, ...late]
    this.#unsteady = null
    for (const [index, machine] of this.#machines) {
      for (const fault of this.#faultsOf(index, late, salt)) machine.suffer(fault)
    }
  }

  /** The ground truth: what befalls whom, from when to when. */
  *truth(): Iterable<Fault & { index: number; ip: string }> {
    for (let index = 0; index < this.miners; index++) {
      for (const fault of this.#faultsOf(index, this.#rows, 0)) {
        yield { index, ip: this.#addressOf(index), ...fault }
      }
    }
  }

  /** The same of the devices. */
  *deviceTruth(): Iterable<DeviceFault & { device: string; ip: string }> {
    for (const { kind: device, ip, faults } of this.devices) {
      for (const fault of faults) yield { device, ip, ...fault }
    }
  }

  #isTaken(address: number): boolean {
    const isHere = ({ first, count }: Placed) => address >= first && address < first + count
    return this.#groups.some(isHere) || this.#moves.has(address)
  }

  #make(index: number): Machine {
    const group = this.#groupOf(index)
    const { model, replay } = group.kind!
    const { firmwareVersion, account } = factoryOf(model)
    const { user = account.user, password = account.password } = group
    const worker = `${group.worker ?? 'sim.farm'}${String(index).padStart(5, '0')}`
    const pools = (group.pools ?? POOLS).map((url) => ({ url, user: worker, password: 'x' }))
    const plan = {
      index,
      ip: this.#addressOf(index),
      model,
      replay,
      firmwareVersion: group.firmware ?? firmwareVersion,
      account: { user, password },
      pools,
      seed: this.seed,
      faults: this.#faultsOf(index, this.#rows, 0),
      startAt: this.clock.startedAt,
    }
    return new Machine(plan, {
      now: () => this.clock.now(),
      ambientC: (at) => this.ambientC(at),
      modelNamed,
      log: (entry) => {
        if (entry.command === 'reboot') this.#rebootedOnce(index)
        this.#log(entry)
      },
    })
  }

  #rebootedOnce(index: number): void {
    this.#rebooted.add(index)
    this.#unsteady?.add(this.#addressOf(index))
  }

  #groupOf(index: number): Placed {
    const group = this.#groups.find(
      (one) => one.kind !== null && index >= one.index && index < one.index + one.count
    )
    if (!group) throw new RangeError(`there is no machine ${index}`)
    return group
  }

  #addressOf(index: number): string {
    const group = this.#groupOf(index)
    return toIp(group.first + index - group.index)
  }

  #faultsOf(index: number, rows: readonly FaultRow[], salt: number): Fault[] {
    return rows.flatMap((row, place) =>
      this.#isHit(row, index, place + salt) ? [this.#faultOf(row, index)] : []
    )
  }

  #isHit({ indexes, of = 0 }: FaultRow, index: number, place: number): boolean {
    return indexes
      ? indexes.includes(index)
      : new Random(this.seed, index).uniform('fault', place) < of
  }

  #faultOf(row: FaultRow, index: number): Fault {
    const { atS, forS, indexes, of: _share, ...rest } = row
    const from = Math.round(this.clock.startedAt + atS * 1000)
    const to = forS === undefined ? null : from + Math.round(forS * 1000)
    const becomes =
      row.kind === 'ip_change' && row.becomes
        ? toIp(toNumber(row.becomes)! + Math.max(0, indexes?.indexOf(index) ?? 0))
        : row.becomes
    return { ...rest, from, to, ...(becomes === undefined ? {} : { becomes }) }
  }

  #planMoves(): void {
    for (const row of this.#rows.filter(({ kind }) => kind === 'ip_change')) {
      for (const index of row.indexes!) {
        this.#moves.set(toNumber(this.#faultOf(row, index).becomes!)!, index)
      }
    }
  }

  #refuseOverlaps(): void {
    const sorted = this.#groups.toSorted((a, b) => a.first - b.first)
    for (const [place, group] of sorted.entries()) {
      const next = sorted[place + 1]
      if (next && group.first + group.count > next.first) {
        throw new RangeError(`the groups at ${group.base} and ${next.base} overlap`)
      }
      if (group.first + group.count > 128 * 2 ** 24) {
        throw new RangeError(`the group at ${group.base} leaves loopback`)
      }
    }
  }
}
