import type { Model, PowerMode, SimulatedPool } from './contract.js'
import type { Fault } from './faults.js'
import type { Targets } from './plant.js'

/** What somebody set, and what stays after a reboot. */
export interface Settings {
  wantsMining: boolean
  mode: PowerMode
  powerLimitW: number | null
  hashrateTargetThs: number | null
  profile: string | null
  pools: Pick<SimulatedPool, 'url' | 'user' | 'password'>[]
  isLocating: boolean
}

/** Hashrate and power of the modes, as shares of normal: makers' low and high modes, roughly. */
const MODES: Record<PowerMode, { hash: number; power: number }> = {
  low: { hash: 0.82, power: 0.74 },
  normal: { hash: 1, power: 1 },
  high: { hash: 1.09, power: 1.16 },
}

/** Control board, fans and power supply, as a share of the nameplate. */
const IDLE_SHARE = 0.015
const IDLE_LEAST_W = 2
/** Chips above the air at the nameplate. */
export const EXCESS_C = 42
export const TRIP_C = 95

const REJECTED = 0.003
const STALE = 0.001
const ERRORS_PER_SHARE = 0.0005

export const idleW = ({ powerW }: Model) => Math.max(IDLE_LEAST_W, powerW * IDLE_SHARE)

const shareLeft = (faults: readonly Fault[], kind: Fault['kind'], none: number) =>
  faults.reduce(
    (left, fault) => (fault.kind === kind ? left * (1 - (fault.share ?? none)) : left),
    1
  )

/** The boards that are gone. */
export const deadBoards = (faults: readonly Fault[]) =>
  new Set(faults.flatMap((one) => (one.kind === 'board_loss' ? [one.slot ?? 0] : [])))

/** How much hotter than a clean machine in good air: fewer fans, dust, an air path that is blocked. */
function heatFactor(model: Model, faults: readonly Fault[], at: number): number {
  let factor = 1
  for (const fault of faults) {
    if (fault.kind === 'fan') factor *= 1 + 0.5 / model.fans
    if (fault.kind === 'overheat') factor *= 1 + (fault.share ?? 0.9)
    // Dust gathers; each day of it is as bad as the first.
    if (fault.kind === 'dust') {
      factor *= 1 + (fault.share ?? 0.05) * Math.min(6, Math.max(0, (at - fault.from) / 86_400_000))
    }
  }
  return factor
}

/** What the settings ask for, before faults. */
function wish({ powerW, hashrateThs }: Model, settings: Settings) {
  const mode = MODES[settings.mode]
  let { hash, power } = mode
  const idle = IDLE_SHARE
  if (settings.powerLimitW !== null) {
    const share = Math.max(idle, Math.min(power, settings.powerLimitW / powerW))
    // Fewer volts do more for a watt: hashrate falls slower than power.
    hash *= ((share - idle) / (power - idle)) ** 0.85
    power = share
  }
  if (settings.hashrateTargetThs !== null) {
    const share = Math.min(hash, settings.hashrateTargetThs / hashrateThs)
    power = idle + (power - idle) * (hash > 0 ? share / hash : 0)
    hash = share
  }
  return { hash, power }
}

export interface Situation {
  model: Model
  settings: Settings
  phase: Targets['phase']
  faults: readonly Fault[]
  at: number
  hashRampMs: number
  powerRampMs: number
}

/** Where a machine in this situation heads. */
export function targetsOf(situation: Situation): Targets {
  const { model, settings, phase, faults, at, hashRampMs, powerRampMs } = situation
  const { hash, power } = wish(model, settings)
  const boards = (model.boards - deadBoards(faults).size) / model.boards
  const chips = 1 - (1 - shareLeft(faults, 'chip_dropout', 0.1)) / model.boards
  const has = (kind: Fault['kind']) => faults.some((one) => one.kind === kind)
  const isPoolless = faults.some((one) => one.kind === 'pool_dead' && one.share === 1)
  const level = phase === 'mining' && !has('psu') && !isPoolless ? boards : 0
  const idle = idleW(model)
  const powerW = idle + Math.max(0, power * model.powerW - idle) * level
  const rejects = faults.find((one) => one.kind === 'pool_rejects')
  return {
    phase,
    hash: has('zero_hashrate') ? 0 : hash * level * chips,
    hashRampMs,
    powerW,
    powerRampMs,
    excessC: (EXCESS_C * heatFactor(model, faults, at) * powerW) / model.powerW,
    rejectedShare: rejects ? (rejects.share ?? 0.3) : REJECTED,
    staleShare: STALE,
    errorsPerShare: has('board_loss') || has('chip_dropout') ? 0.05 : ERRORS_PER_SHARE,
  }
}

/** What the machine should hash as it is set and as its boards are, TH/s. */
export function expectedThs(model: Model, settings: Settings, faults: readonly Fault[]): number {
  const { hash } = wish(model, settings)
  return (model.hashrateThs * hash * (model.boards - deadBoards(faults).size)) / model.boards
}
