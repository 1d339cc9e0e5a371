import type { Moment } from '../contract.js'
import { ghs } from './cgminer_rows.js'
import { told } from './parts.js'

/** Half of what lies between the cooler and the warmer sensors of a circuit board. */
const SPREAD_C = 6

const four = (warm: number, cool: number) =>
  [warm, cool, cool, warm].map((celsius) => Math.round(celsius)).join('-')

/**
 * The row of `stats` that firmware on Antminers has kept: chains counted from 1, their rates as
 * text, the temperatures of four sensors in one.
 */
export const chainStats = (moment: Moment): Record<string, unknown> => {
  const row: Record<string, unknown> = {
    'STATS': 0,
    'ID': 'BTM_SOC0',
    'Elapsed': told(moment, 'elapsedS', moment.elapsedS),
    'Calls': 0,
    'Wait': 0,
    'Max': 0,
    'Min': 99_999_999,
    'GHS 5s': told(moment, 'hashrateThs', ghs(moment.hashrateThs)),
    'GHS av': told(moment, 'hashrateAvgThs', ghs(moment.hashrateAvgThs)),
    'rate_unit': 'GH',
    'total_rateideal': told(moment, 'expectedThs', ghs(moment.expectedThs)),
    'total_acn': moment.boards.reduce((sum, { chipsWorking }) => sum + chipsWorking, 0),
    'fan_num': moment.fans.length,
    'miner_count': moment.boards.length,
  }
  for (const { slot, rpm } of moment.fans) row[`fan${slot + 1}`] = told(moment, 'fans', rpm)
  if (moment.missing.has('boards')) return row
  for (const board of moment.boards) {
    const chain = board.slot + 1
    row[`chain_acn${chain}`] = board.chipsWorking
    row[`chain_hw${chain}`] = board.hardwareErrors
    row[`chain_rate${chain}`] = (board.hashrateAvgThs * 1000).toFixed(2)
    row[`freq${chain}`] = board.frequencyMhz
    row[`temp${chain}`] = Math.round(board.pcbC)
    row[`temp_chip${chain}`] = four(board.chipMaxC, board.chipMinC)
    row[`temp_pcb${chain}`] = board.isAlive
      ? four(board.pcbC + SPREAD_C, board.pcbC - SPREAD_C)
      : four(0, 0)
  }
  return row
}
