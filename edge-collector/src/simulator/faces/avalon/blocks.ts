import type { Moment, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { ghs } from '../cgminer_rows.js'
import { aliveBoards, hottestC, isRunning, meanOf, told } from '../parts.js'

/** What a missing sensor reads. */
const NOTHING_C = -273
const WORK = { mining: 'In Work', starting: 'In Init', booting: 'In Init' } as const
export const WORK_MODES = ['low', 'normal', 'high'] as const
/** Chips run in groups around the frequency of their board. */
const GROUPS_MHZ = [-30, -10, 10, 30]

type Value = string | number | readonly (string | number)[] | undefined

const joined = (blocks: readonly [name: string, value: Value][]): string =>
  blocks
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}[${Array.isArray(value) ? value.join(' ') : String(value)}]`)
    .join(' ')

/** Everything that the controller knows, in one line. */
export const blocksOf = (miner: SimulatedMiner, moment: Moment): string =>
  joined([
    ['Ver', `${modelNumber(miner)}-${miner.firmwareVersion}`],
    ['DNA', miner.serial],
    ['MEMFREE', '1201472.0'],
    ['NETFAIL', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['SYSTEMSTATU', statusOf(moment)],
    ['Elapsed', told(moment, 'elapsedS', moment.elapsedS)],
    ['BOOTBY', '0x08.00000000'],
    ['HW', told(moment, 'hardwareErrors', moment.hardwareErrors)],
    ...heat(moment),
    ...supply(miner, moment),
    ...rates(moment),
    ['Freq', round(meanOf(aliveBoards(moment).map(({ frequencyMhz }) => frequencyMhz)))],
    ['Led', moment.isLocating ? 1 : 0],
    ...boards(miner, moment),
    ['TA', moment.boards.reduce((sum, { chipsWorking }) => sum + chipsWorking, 0)],
    ['Core', 'A3201'],
    ['PING', 31],
    ['POOLS', moment.pools.findIndex(({ isActive }) => isActive)],
    ['SoftOFF', moment.phase === 'paused' ? 4 : 0],
    ['ECMM', moment.phase === 'tripped' ? 1024 : 0],
    ['WORKMODE', told(moment, 'mode', WORK_MODES.indexOf(moment.mode))],
    ['MPO', told(moment, 'powerLimitW', moment.powerLimitW ?? miner.model.powerW)],
  ])

/** "A1246" is 1246 on its board. */
export const modelNumber = ({ model }: SimulatedMiner): string =>
  `${model.name.replace(/\D/g, '')}-${Math.round(model.hashrateThs)}`

const statusOf = (moment: Moment): string => {
  const work = Object.hasOwn(WORK, moment.phase)
    ? WORK[moment.phase as keyof typeof WORK]
    : 'In Idle'
  return `Work: ${work}, Hash Board: ${aliveBoards(moment).length} `
}

const heat = (moment: Moment): [string, Value][] => [
  ['Temp', told(moment, 'inletC', round(moment.inletC, 1))],
  ['TMax', Math.round(hottestC(moment))],
  ['TAvg', Math.round(meanOf(aliveBoards(moment).map(({ chipC }) => chipC)))],
  ...moment.fans.map(({ slot, rpm }): [string, Value] => [
    `Fan${slot + 1}`,
    told(moment, 'fans', rpm),
  ]),
  ['FanR', `${moment.fanPercent}%`],
  ['FanErr', moment.faults.some(({ kind }) => kind === 'fan') ? 1 : 0],
]

/** Error, control V x 100, boards' V x 100, A, W to the boards, set V x 100, W from the wall. */
const supply = ({ model }: SimulatedMiner, moment: Moment): [string, Value][] => {
  const set = Math.round(model.boardVoltageV * 100)
  const volts = isRunning(moment) ? set : 4
  const watts = isRunning(moment) ? Math.round(moment.powerW * DC_SHARE) : 0
  const amps = isRunning(moment) ? Math.round(watts / model.boardVoltageV) : 0
  const error = moment.faults.some(({ kind }) => kind === 'psu') ? 1 : 0
  const values = [error, 1214, volts, amps, watts, set, Math.round(moment.powerW)]
  return [['PS', told(moment, 'powerW', values)]]
}
/** What the power supply keeps for itself. */
const DC_SHARE = 0.94

/** The averages outlive a soft-off. */
const rates = (moment: Moment): [string, Value][] => [
  ['GHSspd', told(moment, 'hashrateThs', ghs(moment.hashrateThs))],
  ['DHspd', '0.000%'],
  ['GHSmm', told(moment, 'expectedThs', ghs(moment.expectedThs))],
  ['GHSavg', told(moment, 'hashrateAvgThs', ghs(moment.hashrateAvgThs))],
]

const boards = ({ model }: SimulatedMiner, moment: Moment): [string, Value][] => {
  if (moment.missing.has('boards')) return []
  const each = (value: (board: SimulatedBoard) => number | string) => moment.boards.map(value)
  return [
    ['MGHS', each(({ hashrateAvgThs }) => ghs(hashrateAvgThs))],
    ['MTmax', each((board) => celsius(board, board.chipMaxC))],
    ['MTavg', each((board) => celsius(board, board.chipC))],
    ['ECHU', each(({ isAlive }) => (isAlive ? 0 : 512))],
    ...moment.boards.map(({ slot, frequencyMhz }): [string, Value] => [
      `SF${slot}`,
      GROUPS_MHZ.map((off) => (frequencyMhz > 0 ? round(frequencyMhz + off) : 0)),
    ]),
    ...moment.boards.map((board): [string, Value] => [
      `PVT_T${board.slot}`,
      chips(board, model.chipsPerBoard),
    ]),
  ]
}

const celsius = ({ isAlive }: SimulatedBoard, value: number) =>
  isAlive ? Math.round(value) : NOTHING_C

/** Whole degrees; a chip that does not answer has none. */
const chips = (board: SimulatedBoard, count: number): number[] =>
  Array.from({ length: count }, (_, chip) => {
    if (!board.isAlive || chip >= board.chipsWorking) return NOTHING_C
    const share = (chip % 10) / 9
    return Math.round(board.chipMinC + (board.chipMaxC - board.chipMinC) * share)
  })
