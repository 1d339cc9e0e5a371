import type {
  Model,
  Moment,
  NoticedFault,
  Phase,
  SimulatedBoard,
  SimulatedPool,
} from './contract.js'
import type { Fault } from './faults.js'
import { deadBoards, EXCESS_C, expectedThs, type Settings } from './machine_state.js'
import type { Plant } from './plant.js'
import type { Random } from './random.js'

/** What a moment is made of. */
export interface Ingredients {
  at: number
  model: Model
  index: number
  random: Random
  settings: Settings
  phase: Phase
  faults: readonly Fault[]
  values: ReturnType<Plant['values']>
  ambientC: number
  bootedAt: number
  processAt: number
}

const SECOND = 1000
/** The windows of firmware; within one a machine says the same twice. */
const WINDOW_MS = 5000
/** At the nameplate. */
const CHIP_OVER_PCB_C = 11
const OUTLET_OVER_INLET_C = 13
/** Expected hashes of a share of difficulty 1. */
const SHARE_HASHES = 2 ** 32

/** At the nameplate, whatever the model: pools choose the difficulty so. */
export const SHARES_PER_S = 0.2

/**
 * Shares found in this much expected work: one in each share's worth, at a place of its own, so
 * that the count only grows, has the right mean and needs no history.
 */
export function countOf(work: number, random: Random, salt: number): number {
  const whole = Math.floor(work)
  return whole + (work - whole > random.uniform('share', whole, salt) ? 1 : 0)
}

/** Everything about a machine now. */
export function momentOf(of: Ingredients): Moment {
  const { at, model, random, settings, values, phase, faults } = of
  const tick = Math.floor(at / WINDOW_MS)
  const noise = 1 + 0.02 * random.normal('hashrate', tick)
  const hashrateThs = model.hashrateThs * values.hash * noise
  const elapsedS = Math.max(0, Math.floor((at - of.processAt) / SECOND))
  const isUp = phase === 'mining' || phase === 'starting'
  const inletC = of.ambientC + random.normal('temperature', tick, 9) * 0.2
  const meanThs = (values.shares / SHARES_PER_S) * model.hashrateThs
  const pools = poolsOf(of)
  return {
    at: at + (faults.find(({ kind }) => kind === 'clock_wrong')?.offsetS ?? 0) * SECOND,
    phase,
    hashrateThs: phase === 'mining' ? hashrateThs : 0,
    hashrateAvgThs: elapsedS > 0 ? meanThs / elapsedS : 0,
    expectedThs:
      phase === 'mining' || phase === 'starting' ? expectedThs(model, settings, faults) : 0,
    powerW: values.powerW * (1 + 0.004 * random.normal('power', tick)),
    powerLimitW: settings.powerLimitW,
    hashrateTargetThs: settings.hashrateTargetThs,
    mode: settings.mode,
    profile: settings.profile,
    inletC,
    outletC: inletC + (OUTLET_OVER_INLET_C * values.excessC) / EXCESS_C,
    boards: boardsOf(of, hashrateThs),
    ...fansOf(of),
    elapsedS: isUp || phase === 'paused' ? elapsedS : 0,
    uptimeS: Math.max(0, Math.floor((at - of.bootedAt) / SECOND)),
    accepted: pools.reduce((sum, pool) => sum + pool.accepted, 0),
    rejected: countOf(values.rejected, random, 1),
    stale: countOf(values.stale, random, 2),
    hardwareErrors: countOf(values.errors, random, 3),
    difficulty: difficultyOf(model),
    pools,
    faults: noticed(faults, phase, at),
    isLocating: settings.isLocating,
    missing: new Set(faults.flatMap((one) => one.fields ?? [])),
  }
}

const difficultyOf = ({ hashrateThs }: Model) =>
  Math.round((hashrateThs * 1e12) / SHARES_PER_S / SHARE_HASHES)

function poolsOf({ settings, values, random, faults, phase }: Ingredients): SimulatedPool[] {
  const dead = faults.find(({ kind }) => kind === 'pool_dead')
  const isDead = (index: number) => dead !== undefined && (index === 0 || dead.share === 1)
  const active = settings.pools.findIndex((_, index) => !isDead(index))
  const good = values.shares - values.rejected - values.stale
  return settings.pools.map((pool, index) => {
    const isActive = index === active && (phase === 'mining' || phase === 'starting')
    const counts = index === Math.max(0, active)
    return {
      ...pool,
      isAlive: !isDead(index),
      isActive,
      accepted: counts ? countOf(good, random, 0) : 0,
      rejected: counts ? countOf(values.rejected, random, 1) : 0,
      stale: counts ? countOf(values.stale, random, 2) : 0,
    }
  })
}

function boardsOf(of: Ingredients, hashrateThs: number): SimulatedBoard[] {
  const { model, faults } = of
  const dead = deadBoards(faults)
  return Array.from({ length: model.boards }, (_, slot) =>
    dead.has(slot)
      ? deadBoard(of, slot)
      : livingBoard(of, slot, { alive: model.boards - dead.size, hashrateThs })
  )
}

const serialOf = (index: number, slot: number) => `SIMB${String(index).padStart(6, '0')}${slot}`

const deadBoard = ({ index }: Ingredients, slot: number): SimulatedBoard => ({
  slot,
  serial: serialOf(index, slot),
  isAlive: false,
  chipsWorking: 0,
  hashrateThs: 0,
  hashrateAvgThs: 0,
  expectedThs: 0,
  pcbC: 0,
  chipC: 0,
  chipMinC: 0,
  chipMaxC: 0,
  frequencyMhz: 0,
  voltageV: 0,
  hardwareErrors: 0,
})

function livingBoard(
  of: Ingredients,
  slot: number,
  { alive, hashrateThs }: { alive: number; hashrateThs: number }
): SimulatedBoard {
  const { model, random, faults, values, settings, phase } = of
  const dropout = faults.find(({ kind }) => kind === 'chip_dropout')
  const lost = dropout && (dropout.slot ?? 0) === slot ? (dropout.share ?? 0.1) : 0
  const chipC = of.ambientC + values.excessC + random.normal('board', slot) * 1.5
  const mining = phase === 'mining' ? 1 : 0
  return {
    ...deadBoard(of, slot),
    isAlive: true,
    chipsWorking: Math.round(model.chipsPerBoard * (1 - lost)),
    hashrateThs: (mining * hashrateThs) / alive,
    hashrateAvgThs: (mining * model.hashrateThs * values.hash) / alive,
    expectedThs: expectedThs(model, settings, faults) / alive,
    pcbC: chipC - (CHIP_OVER_PCB_C * values.excessC) / EXCESS_C,
    chipC,
    chipMinC: chipC - 4,
    chipMaxC: chipC + 5,
    frequencyMhz: mining * model.frequencyMhz,
    voltageV: mining * model.boardVoltageV,
    hardwareErrors: countOf(values.errors / alive, random, 10 + slot),
  }
}

/** Fans follow the chips; one that died stands. */
function fansOf({ model, random, values, ambientC, faults, at }: Ingredients) {
  const chipC = ambientC + values.excessC
  const fanPercent = Math.round(Math.max(20, Math.min(100, 20 + (chipC - 40) * 2.2)))
  const dead = new Set(faults.flatMap((one) => (one.kind === 'fan' ? [one.slot ?? 0] : [])))
  const tick = Math.floor(at / WINDOW_MS)
  const fans = Array.from({ length: model.fans }, (_, slot) => ({
    slot,
    rpm: dead.has(slot)
      ? 0
      : Math.round((900 + 51 * fanPercent + 25 * random.normal('fan', tick, slot)) / 10) * 10,
  }))
  return { fans, fanPercent }
}

const NOTICED: Partial<Record<Fault['kind'], NoticedFault['kind']>> = {
  fan: 'fan',
  psu: 'psu',
  board_loss: 'board',
  chip_dropout: 'chips',
  pool_dead: 'pool',
}

/** What the firmware itself would complain of. */
function noticed(faults: readonly Fault[], phase: Phase, at: number): NoticedFault[] {
  const own = faults.flatMap((fault): NoticedFault[] => {
    const kind = NOTICED[fault.kind]
    return kind ? [{ kind, slot: fault.slot ?? null, since: fault.from }] : []
  })
  const hot: NoticedFault[] =
    phase === 'tripped' ? [{ kind: 'overheat', slot: null, since: at }] : []
  return [...own, ...hot]
}
