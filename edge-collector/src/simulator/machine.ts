import { simulatedMac } from '../../protocol/demo.js'
import type { MinerCommand } from '../drivers/contract.js'
import type { Credentials } from '../wire/contract.js'
import type { Face, Model, Moment, SimulatedMiner } from './contract.js'
import { Course } from './course.js'
import { FACES } from './faces/index.js'
import { FACTORIES, type Factory } from './factory.js'
import { type Fault, isActive, wireFaultAt, type WireFaultKind } from './faults.js'
import type { Settings } from './machine_state.js'
import { RECORDED } from './models.js'
import { momentOf } from './moment.js'
import { Random } from './random.js'

/** What a machine is made of. */
export interface Blueprint {
  index: number
  ip: string
  model: Model
  /** What it answers when it is a recording. */
  replay?: Face | null
  firmwareVersion: string
  account: Credentials
  pools: Settings['pools']
  seed: number
  faults: readonly Fault[]
  /** When the site begins, unix milliseconds. */
  startAt: number
}

/** A line of the log of commands. */
export interface CommandEntry {
  at: string
  ip: string
  command: string
  result: 'done' | 'denied'
  /** False: a fault made it say so without doing it. */
  hasEffect: boolean
  detail: unknown
}

export interface Surroundings {
  now(): number
  /** Air of the site at that moment, °C. */
  ambientC(at: number): number
  modelNamed(name: string): Model
  log(entry: CommandEntry): void
}

/**
 * One simulated miner. Everything about it follows from its blueprint, the virtual time and what
 * it was told at which virtual time.
 */
export class Machine implements SimulatedMiner {
  readonly index: number
  readonly serial: string
  readonly memory = new Map<string, unknown>()
  readonly random: Random
  readonly #plan: Blueprint
  readonly #site: Surroundings
  readonly #faults: Fault[]
  readonly #course: Course
  #orders = 0
  #ticks = 0

  constructor(plan: Blueprint, site: Surroundings) {
    this.#plan = plan
    this.#site = site
    this.#faults = [...plan.faults]
    this.index = plan.index
    this.random = new Random(plan.seed, plan.index)
    this.serial = `SIM${String(plan.index).padStart(7, '0')}`
    this.#course = new Course({
      model: plan.model,
      pools: plan.pools,
      random: this.random,
      startAt: plan.startAt,
      faults: this.#faults,
      ambientC: site.ambientC,
      modelNamed: site.modelNamed,
      onReboot: () => this.memory.clear(),
    })
  }

  get model(): Model {
    return this.#course.model
  }

  /** How it speaks; a recording until another firmware comes. */
  get face(): Face {
    return (this.isRecording && this.#plan.replay) || FACES[this.model.face]!
  }

  /** What it does is of no meaning, only what it says. */
  get isRecording(): boolean {
    return this.model === RECORDED
  }

  get firmwareVersion(): string {
    return this.#upgrade?.version ?? this.#factory?.firmwareVersion ?? this.#plan.firmwareVersion
  }

  get ip(): string {
    return this.#active('ip_change')?.becomes ?? this.#plan.ip
  }

  get mac(): string {
    return simulatedMac(this.#active('duplicate_mac')?.becomes ?? this.#plan.ip)
  }

  get hostname(): string {
    return `${this.model.face.replaceAll('_', '-')}-${this.index}`
  }

  get account(): Credentials {
    const changed = this.#active('password_changed')
    const account = this.#factory?.account ?? this.#plan.account
    return changed ? { ...account, password: changed.becomes ?? 'changed' } : account
  }

  /** What the network does to whoever asks now. */
  get wireFault(): WireFaultKind | null {
    return wireFaultAt(this.#faults, this.#site.now())
  }

  /** The answer to a write gets lost, though it took effect. */
  get losesReply(): boolean {
    return this.#active('lost_reply') !== undefined
  }

  /** Nobody is home: the address refuses connections. */
  get isDown(): boolean {
    return this.#course.at(this.#site.now()).phase === 'booting'
  }

  /** Energy at the wall since it exists, watt-hours: what meters and integrals are held against. */
  get energyWh(): number {
    return this.#course.at(this.#site.now()).values.energyWh
  }

  /** How many orders came so far. */
  get orders(): number {
    return this.#orders
  }

  /** A new number at each call, for what happens on the wire. */
  nextTick(): number {
    this.#ticks += 1
    return this.#ticks
  }

  now(): Moment {
    const at = this.#site.now()
    const { phase, values, bootedAt, processAt } = this.#course.at(at)
    return momentOf({
      at,
      model: this.model,
      index: this.index,
      random: this.random,
      settings: this.#course.settings,
      phase,
      faults: this.#faults.filter((one) => isActive(one, at)),
      values,
      ambientC: this.#site.ambientC(at),
      bootedAt,
      processAt,
    })
  }

  order(command: MinerCommand): void {
    this.#orders += 1
    const at = this.#site.now()
    this.#course.at(at)
    const hasEffect = this.#active('no_effect') === undefined
    if (hasEffect) this.#course.obey(command, at)
    this.#log({ command: command.type, result: 'done', hasEffect, detail: command })
  }

  denied(command: string, reason: string): void {
    this.#log({ command, result: 'denied', hasEffect: false, detail: reason })
  }

  /** One more fault, from now on or from later on. */
  suffer(fault: Fault): void {
    this.#course.at(this.#site.now())
    this.#faults.push(fault)
    this.#course.plan(fault)
  }

  /** The last of those that came. */
  get #upgrade(): Fault | undefined {
    const at = this.#site.now()
    return this.#faults.findLast((one) => one.kind === 'firmware_upgrade' && isActive(one, at))
  }

  /** Another firmware comes with its own version and account. */
  get #factory(): Factory | undefined {
    return this.#upgrade?.becomes === undefined ? undefined : FACTORIES[this.model.face]
  }

  #active(kind: Fault['kind']): Fault | undefined {
    const at = this.#site.now()
    return this.#faults.find((one) => one.kind === kind && isActive(one, at))
  }

  #log(entry: Omit<CommandEntry, 'at' | 'ip'>): void {
    this.#site.log({ at: new Date(this.#site.now()).toISOString(), ip: this.ip, ...entry })
  }
}
