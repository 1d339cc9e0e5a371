import type { MinerCommand } from '../drivers/contract.js'
import type { Model, Phase } from './contract.js'
import { type Fault, isActive } from './faults.js'
import { type Settings, targetsOf, TRIP_C } from './machine_state.js'
import { Plant } from './plant.js'
import { SHARES_PER_S } from './moment.js'
import type { Random } from './random.js'
import { Timeline } from './timeline.js'

/** What a course starts from and what it needs of its surroundings. */
export interface Conditions {
  model: Model
  pools: Settings['pools']
  random: Random
  /** When the site begins; the machine has run for a while by then. */
  startAt: number
  /** Grows as faults are added. */
  faults: readonly Fault[]
  ambientC(at: number): number
  modelNamed(name: string): Model
  onReboot(): void
}

interface Ramps {
  hashMs: number
  powerMs: number
}

const DAY_MS = 86_400_000
const SECOND = 1000
const BOOT_MS = 60_000
const COOL_DOWN_MS = 600_000
const REDIRECT: Ramps = { hashMs: 5 * SECOND, powerMs: 10 * SECOND }

/**
 * What a machine goes through: its phases, what was set, and the physics between two events.
 * Nothing happens by itself; what is due is done when somebody looks.
 */
export class Course {
  readonly settings: Settings
  readonly #given: Conditions
  readonly #plant: Plant
  readonly #timeline = new Timeline()
  #model: Model
  #phase: Phase = 'mining'
  #bootedAt: number
  #processAt: number
  #heatWatch = 0
  #draws = 0

  constructor(given: Conditions) {
    this.#given = given
    this.#model = given.model
    this.settings = {
      wantsMining: true,
      mode: 'normal',
      powerLimitW: null,
      hashrateTargetThs: null,
      profile: null,
      pools: given.pools,
      isLocating: false,
    }
    const ageDays = 0.2 + 29.8 * given.random.uniform('birth', 0)
    this.#bootedAt = Math.floor(given.startAt - ageDays * DAY_MS)
    this.#processAt = this.#bootedAt + BOOT_MS
    const steady = this.#targets(given.startAt, { hashMs: 0, powerMs: 0 })
    this.#plant = new Plant(this.#processAt, steady, SHARES_PER_S / SECOND)
    for (const fault of given.faults) this.plan(fault)
  }

  get model(): Model {
    return this.#model
  }

  /** How it is at that time, which may not lie before an earlier one. */
  at(at: number) {
    this.#timeline.advance(at)
    return {
      phase: this.#phase,
      values: this.#plant.values(at),
      bootedAt: this.#bootedAt,
      processAt: this.#processAt,
    }
  }

  /** A fault begins and ends at its times. */
  plan(fault: Fault): void {
    this.#timeline.at(fault.from, (at) => this.#begin(fault, at))
    if (fault.to !== null) this.#timeline.at(fault.to, (at) => this.#end(fault, at))
  }

  obey(command: MinerCommand, at: number): void {
    if (command.type === 'reboot') return this.#reboot(at)
    const { wantsMining: wantedIt } = this.settings
    set(this.settings, command)
    // While it boots, what is set counts from when it is up.
    if (this.#phase === 'booting' || command.type === 'locate') return
    if (command.type === 'pause') return this.#phase === 'paused' ? undefined : this.#sleep(at)
    // Whatever else is set restarts the mining process.
    const restarts = command.type === 'resume' ? !wantedIt : wantedIt
    if (restarts) this.#startMining(at)
  }

  #targets(at: number, { hashMs: hashRampMs, powerMs: powerRampMs }: Ramps) {
    const faults = this.#given.faults.filter((one) => isActive(one, at))
    const situation = { model: this.#model, settings: this.settings, phase: this.#phase }
    return targetsOf({ ...situation, faults, at, hashRampMs, powerRampMs })
  }

  #delay(lowS: number, highS: number): number {
    this.#draws += 1
    const part = this.#given.random.uniform('delay', this.#draws)
    return Math.round((lowS + (highS - lowS) * part) * SECOND)
  }

  #enter(at: number, phase: Phase, ramps: Ramps, restarts = false): void {
    this.#timeline.forget()
    this.#phase = phase
    this.#plant.change(at, this.#targets(at, ramps), restarts)
    this.#watchHeat(at)
  }

  /** The same phase under other conditions. */
  #redirect(at: number): void {
    this.#plant.change(at, this.#targets(at, REDIRECT))
    this.#watchHeat(at)
  }

  /** It stops by itself when it gets too hot, and tries again when it had time to cool. */
  #watchHeat(at: number): void {
    this.#heatWatch += 1
    if (this.#phase !== 'mining') return
    const watch = this.#heatWatch
    const trip = this.#plant.whenAt(TRIP_C - this.#given.ambientC(at))
    if (trip === null) return
    this.#timeline.then(Math.max(trip, at), (now) => {
      if (watch !== this.#heatWatch) return
      this.#enter(now, 'tripped', { hashMs: SECOND, powerMs: 5 * SECOND })
      this.#timeline.then(now + COOL_DOWN_MS, (later) => this.#startMining(later))
    })
  }

  #startMining(at: number): void {
    if (!this.settings.wantsMining) return this.#sleep(at)
    this.#processAt = at
    this.#enter(at, 'starting', { hashMs: 0, powerMs: 2 * SECOND }, true)
    this.#timeline.then(at + this.#delay(10, 40), (now) => {
      const hashMs = this.#delay(30, 600)
      this.#enter(now, 'mining', { hashMs, powerMs: Math.min(hashMs, 60 * SECOND) })
    })
  }

  #sleep(at: number): void {
    this.#enter(at, 'paused', { hashMs: this.#delay(1, 3), powerMs: this.#delay(2, 30) })
  }

  #reboot(at: number): void {
    this.#given.onReboot()
    this.settings.isLocating = false
    this.#enter(at, 'booting', { hashMs: 0, powerMs: SECOND }, true)
    this.#bootedAt = at + this.#delay(20, 90)
    // The API comes some seconds after the network.
    const ready = this.#bootedAt + this.#delay(5, 10)
    this.#timeline.then(ready, (now) => this.#startMining(now))
  }

  #begin(fault: Fault, at: number): void {
    switch (fault.kind) {
      case 'curtailment':
        return this.obey({ type: 'pause' }, at)
      case 'mode_change':
        return this.obey({ type: 'set_power_mode', mode: fault.mode ?? 'low' }, at)
      case 'reboot_loop':
        return this.#loop(fault, at)
      case 'dust':
        return this.#gather(fault, at)
      case 'firmware_upgrade':
        if (fault.becomes) this.#model = this.#given.modelNamed(fault.becomes)
        return this.#reboot(at)
      default:
        this.#redirect(at)
    }
  }

  #end(fault: Fault, at: number): void {
    if (fault.kind === 'curtailment') return this.obey({ type: 'resume' }, at)
    if (fault.kind === 'mode_change') {
      return this.obey({ type: 'set_power_mode', mode: 'normal' }, at)
    }
    this.#redirect(at)
  }

  /** Dust is looked at a few times a day. */
  #gather(fault: Fault, at: number): void {
    if (!isActive(fault, at)) return
    this.#redirect(at)
    this.#timeline.at(at + DAY_MS / 4, (now) => this.#gather(fault, now))
  }

  #loop(fault: Fault, at: number): void {
    if (!isActive(fault, at)) return
    this.#reboot(at)
    this.#timeline.at(at + (fault.periodS ?? 300) * SECOND, (now) => this.#loop(fault, now))
  }
}

/** What stays after a restart; other commands set nothing. A tuner has one target. */
function set(settings: Settings, command: MinerCommand): void {
  switch (command.type) {
    case 'pause':
    case 'resume':
      settings.wantsMining = command.type === 'resume'
      return
    case 'locate':
      settings.isLocating = command.on
      return
    case 'set_power_mode':
      settings.mode = command.mode
      return
    case 'set_power_limit':
      settings.powerLimitW = command.watts
      settings.hashrateTargetThs = null
      return
    case 'set_hashrate_target':
      settings.hashrateTargetThs = command.ths
      settings.powerLimitW = null
      return
    case 'set_profile':
      settings.profile = command.name
      settings.powerLimitW = wattsIn(command.name)
      settings.hashrateTargetThs = null
      return
    case 'set_pools':
      settings.pools = command.pools
  }
}

/** Presets are named for their watts: "3250W", "2800 watt"; others change nothing. */
const wattsIn = (name: string): number | null => {
  const found = /(\d{3,5})\s*w/i.exec(name)
  return found ? Number(found[1]) : null
}
