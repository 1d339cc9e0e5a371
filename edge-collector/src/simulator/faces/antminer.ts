import type { Face, Moment, SimulatedMiner } from '../contract.js'
import { chipMap, sensorsOf } from './antminer_parts.js'
import { antminerWeb } from './antminer_web.js'
import { answerOf, commandOf, counters, lacks, poolRows, refusalOf, round, said } from './words.js'

const DESCRIPTION = 'cgminer 1.0.0'
const versionRow = (miner: SimulatedMiner) => ({
  BMMiner: '1.0.0',
  API: '3.1',
  Miner: '49.0.1.3',
  CompileTime: miner.firmwareVersion,
  Type: miner.model.name,
})

const rates = (moment: Moment) => ({
  'GHS 5s': lacks(moment, 'hashrateThs') ? undefined : round(moment.hashrateThs * 1000),
  'GHS av': lacks(moment, 'hashrateAvgThs') ? undefined : round(moment.hashrateAvgThs * 1000),
})

/** Chains count from 1; a board that died has no chips and no rate. */
function statsRow(miner: SimulatedMiner, moment: Moment): Record<string, unknown> {
  const { chipsPerBoard } = miner.model
  const row: Record<string, unknown> = {
    STATS: 0,
    ID: 'BTM_SOC0',
    Elapsed: moment.elapsedS,
    Calls: 0,
    Wait: 0,
    Max: 0,
    Min: 99_999_999,
    ...rates(moment),
    rate_unit: 'GH',
    miner_count: moment.boards.filter(({ isAlive }) => isAlive).length,
    frequency: miner.model.frequencyMhz,
    total_rateideal: lacks(moment, 'expectedThs') ? undefined : round(moment.expectedThs * 1000),
    total_acn: moment.boards.reduce((sum, { chipsWorking }) => sum + chipsWorking, 0),
    no_matching_work: moment.hardwareErrors,
    fan_num: moment.fans.length,
    miner_version: '49.0.1.3',
    miner_id: miner.serial,
  }
  if (!lacks(moment, 'fans')) for (const { slot, rpm } of moment.fans) row[`fan${slot + 1}`] = rpm
  for (const board of moment.boards) {
    const chain = board.slot + 1
    row[`chain_acn${chain}`] = board.chipsWorking
    row[`chain_acs${chain}`] = chipMap(board, chipsPerBoard)
    row[`chain_hw${chain}`] = board.hardwareErrors
    // As text; empty where nothing hashes.
    row[`chain_rate${chain}`] = board.isAlive ? (board.hashrateThs * 1000).toFixed(2) : ''
    row[`chain_rateideal${chain}`] = round(board.expectedThs * 1000)
    row[`freq${chain}`] = board.frequencyMhz
    row[`temp_pcb${chain}`] = sensorsOf(board.pcbC).join('-')
    row[`temp_chip${chain}`] = sensorsOf(board.chipC).join('-')
  }
  return said(row)
}

/** Bitmain's own firmware: the mining API for reading, the web pages for everything. */
export const antminer: Face = {
  name: 'antminer',
  rpc: (miner, request) => {
    const moment = miner.now()
    const { command } = commandOf(request)
    const words = (code: number, message: string) => ({ description: DESCRIPTION, code, message })
    switch (command) {
      case 'version':
        return answerOf(moment, words(22, 'CGMiner versions'), { VERSION: [versionRow(miner)] })
      case 'summary':
        return answerOf(moment, words(11, 'Summary'), {
          SUMMARY: [said({ ...counters(moment), ...rates(moment) })],
        })
      case 'stats':
        return answerOf(moment, words(70, 'CGMiner stats'), {
          STATS: [versionRow(miner), statsRow(miner, moment)],
        })
      case 'pools':
        return answerOf(moment, words(7, `${moment.pools.length} Pool(s)`), {
          POOLS: lacks(moment, 'pools') ? [] : poolRows(moment),
        })
      default:
        // Joined commands are refused as well.
        return refusalOf(moment, request, DESCRIPTION)
    }
  },
  http: antminerWeb,
}
