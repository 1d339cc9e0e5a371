import type { Moment, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { plainModel, round } from '../words.js'
import { mhs } from '../cgminer_rows.js'
import { aliveBoards, isRunning, told } from '../parts.js'

/** Serial numbers of boards came with 25.03, and other names of temperatures. */
const isNew = ({ firmwareVersion }: SimulatedMiner) =>
  (/(\d\d\.\d\d)(?:-plus)?$/.exec(firmwareVersion)?.[1] ?? '') >= '25.03'

export const bosOf = (miner: SimulatedMiner, moment: Moment) => ({
  hostname: miner.hostname,
  faultLight: moment.isLocating,
  info: { version: { full: miner.firmwareVersion } },
  uptime: { durationS: told(moment, 'uptimeS', moment.uptimeS) },
})

/** Without its process there is nothing that solves work. */
export const infoOf = (miner: SimulatedMiner, moment: Moment) => ({
  modelName: `Bitmain ${plainModel(miner)}`,
  workSolver: isRunning(moment) ? solverOf(miner, moment) : null,
  fans: told(
    moment,
    'fans',
    moment.fans.map(({ slot, rpm }) => ({ name: String(slot), rpm, speed: moment.fanPercent }))
  ),
  summary: {
    power: {
      approxConsumptionW: told(moment, 'powerW', Math.round(moment.powerW)),
      limitW: told(moment, 'powerLimitW', limitOf(miner, moment)),
    },
  },
  poolGroups: told(moment, 'pools', [
    {
      name: (miner.memory.get(GROUP) as string | undefined) ?? 'default',
      pools: moment.pools.map((pool) => ({
        url: pool.url,
        user: pool.user,
        status: pool.isAlive ? 'ALIVE' : 'DEAD',
        active: pool.isActive,
        shares: { acceptedSolutions: pool.accepted, rejectedSolutions: pool.rejected },
      })),
    },
  ]),
})

export const GROUP = 'group'

const limitOf = ({ model }: SimulatedMiner, { powerLimitW }: Moment) => powerLimitW ?? model.powerW

const solverOf = (miner: SimulatedMiner, moment: Moment) => ({
  nominalMhs: told(moment, 'expectedThs', mhs(moment.expectedThs)),
  realHashrate: rates(
    told(moment, 'hashrateThs', moment.hashrateThs),
    told(moment, 'hashrateAvgThs', moment.hashrateAvgThs)
  ),
  childSolvers: told(
    moment,
    'boards',
    aliveBoards(moment).map((board) => boardOf(miner, moment, board))
  ),
})

const rates = (nowThs?: number, averageThs?: number) => ({
  mhs5S: nowThs === undefined ? undefined : mhs(nowThs),
  mhs15M: averageThs === undefined ? undefined : mhs(averageThs),
  mhs24H: averageThs === undefined ? undefined : mhs(averageThs),
})

const boardOf = (miner: SimulatedMiner, { inletC }: Moment, board: SimulatedBoard) => {
  const names = isNew(miner) ? ['Max Board', 'Max Chip', 'Inlet', 'Outlet'] : ['Board', 'Chip']
  const values = [board.pcbC, board.chipMaxC, inletC + 8, board.pcbC]
  return {
    name: String(board.slot + 1),
    nominalMhs: mhs(board.expectedThs),
    realHashrate: rates(board.hashrateThs, board.hashrateAvgThs),
    hwDetails: {
      chips: board.chipsWorking,
      frequencyMhz: round(board.frequencyMhz, 3),
      voltageV: round(board.voltageV, 3),
      ...(isNew(miner) ? { hbSerialNumber: board.serial } : {}),
    },
    temperatures: names.map((name, index) => ({ name, degreesC: round(values[index]!, 1) })),
  }
}

export const configOf = (miner: SimulatedMiner, moment: Moment) => ({
  __typename: 'BosminerConfig',
  autotuning: {
    mode: moment.hashrateTargetThs === null ? 'POWER_TARGET' : 'HASHRATE_TARGET',
    enabled: true,
    powerTarget: limitOf(miner, moment),
    hashrateTarget: moment.hashrateTargetThs,
  },
  groups: [{ id: '0', strategy: { __typename: 'QuotaStrategy', quota: 1 } }],
})

/** What asks for attention now. */
export const appealsOf = (moment: Moment) =>
  told(
    moment,
    'faults',
    moment.faults.map(({ kind, slot, since }) => ({
      id: slot === null ? kind : `${kind}-${slot}`,
      kind: 'ERROR',
      message: `Fault of ${kind}`,
      timestamp: new Date(since).toISOString(),
    }))
  )
