import type { Moment, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { ghs, mhs, rateRow, summaryRow } from '../cgminer_rows.js'
import { poolRows, round } from '../words.js'
import { aliveBoards, coldestC, hottestC, isRunning, meanOf, told } from '../parts.js'

const MODES = { low: 'Low', normal: 'Normal', high: 'High' } as const

/** Intake and exhaust. */
const fansOf = (moment: Moment) => ({
  'Fan Speed In': told(moment, 'fans', moment.fans[0]?.rpm),
  'Fan Speed Out': told(moment, 'fans', moment.fans[1]?.rpm),
})

/** The limit is always there; from the factory it is what the machine needs. */
export const limitOf = ({ model }: SimulatedMiner, { powerLimitW }: Moment): number =>
  powerLimitW ?? model.powerW

/** `summary`: MH/s, but GH/s for what the machine should do. */
export const toSummary = (miner: SimulatedMiner, moment: Moment) => {
  const boards = aliveBoards(moment)
  return {
    ...summaryRow(moment, 'MHS'),
    'HS RT': told(moment, 'hashrateThs', mhs(moment.hashrateThs)),
    'Temperature': round(Math.max(0, ...boards.map(({ pcbC }) => pcbC))),
    ...fansOf(moment),
    'Voltage': 1298,
    'Power': told(moment, 'powerW', Math.round(moment.powerW)),
    'Power_RT': told(moment, 'powerW', Math.round(moment.powerW)),
    'Power Limit': told(moment, 'powerLimitW', limitOf(miner, moment)),
    'Power Mode': told(moment, 'mode', MODES[moment.mode]),
    'Power Fanspeed': isRunning(moment) ? 6344 : 0,
    'Power Rate': moment.hashrateThs > 0 ? round(moment.powerW / moment.hashrateThs) : 0,
    'Factory GHS': told(moment, 'expectedThs', ghs(moment.expectedThs)),
    'Hash Stable': moment.phase === 'mining',
    'Target Freq': miner.model.frequencyMhz,
    'freq_avg': round(meanOf(boards.map(({ frequencyMhz }) => frequencyMhz))),
    'Env Temp': told(moment, 'inletC', round(moment.inletC, 1)),
    'Chip Temp Min': round(coldestC(moment)),
    'Chip Temp Max': round(hottestC(moment)),
    'Chip Temp Avg': round(meanOf(boards.map(({ chipC }) => chipC))),
    'MAC': miner.mac,
    'Firmware Version': `'${miner.firmwareVersion}'`,
    'CB Platform': 'ALLWINNER_H616',
    'Uptime': told(moment, 'uptimeS', moment.uptimeS),
  }
}

/** `devs`, without the boards that the machine does not find. */
export const toDevs = (moment: Moment) => aliveBoards(moment).map((board) => toDev(moment, board))

const toDev = (moment: Moment, board: SimulatedBoard) => ({
  'ASC': board.slot,
  'Slot': board.slot,
  'Name': 'SM',
  'ID': board.slot,
  'Enabled': 'Y',
  'Status': 'Alive',
  'Temperature': round(board.pcbC),
  'Chip Frequency': board.frequencyMhz,
  'Frequency': board.frequencyMhz,
  ...fansOf(moment),
  ...rateRow('MHS', board.hashrateThs, board.hashrateAvgThs),
  'Factory GHS': ghs(board.expectedThs),
  'Hardware Errors': board.hardwareErrors,
  'PCB SN': board.serial,
  'Chip Temp Min': round(board.chipMinC),
  'Chip Temp Max': round(board.chipMaxC),
  'Chip Temp Avg': round(board.chipC),
  'Effective Chips': board.chipsWorking,
  'Device Elapsed': moment.elapsedS,
})

/** Counted from 1. */
export const toPoolRows = (moment: Moment) =>
  told(
    moment,
    'pools',
    poolRows(moment).map((row) => ({ ...row, POOL: row.POOL + 1 }))
  )
