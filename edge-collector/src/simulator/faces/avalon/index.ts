import type { Face, Moment, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { poolList, poolsMessage, rateRow, summaryRow } from '../cgminer_rows.js'
import { pageOf } from '../page.js'
import { told } from '../parts.js'
import { type Answer, rpcOf } from '../rpc.js'
import { ascset } from './ascset.js'
import { blocksOf, modelNumber } from './blocks.js'

const versionOf = (miner: SimulatedMiner) => ({
  CGMiner: '4.11.1',
  API: '3.7',
  STM: '0',
  PROD: `AvalonMiner ${modelNumber(miner)}`,
  MODEL: modelNumber(miner),
  HWTYPE: 'MM4v2_X3',
  SWTYPE: 'MM319',
  LVERSION: miner.firmwareVersion,
  BVERSION: miner.firmwareVersion,
  CGVERSION: miner.firmwareVersion,
  DNA: miner.serial,
  MAC: miner.mac.replaceAll(':', '').toLowerCase(),
})

/** The whole machine is one device, alive whatever it does. */
const deviceOf = (moment: Moment) => ({
  'ASC': 0,
  'Name': 'AVA10',
  'ID': 0,
  'Enabled': 'Y',
  'Status': 'Alive',
  'Temperature': told(moment, 'inletC', round(moment.inletC)),
  ...rateRow(
    'MHS',
    told(moment, 'hashrateThs', moment.hashrateThs),
    told(moment, 'hashrateAvgThs', moment.hashrateAvgThs)
  ),
  'Accepted': moment.accepted,
  'Rejected': moment.rejected,
  'Hardware Errors': moment.hardwareErrors,
  'Device Elapsed': moment.elapsedS,
})

const statsAs =
  (key: string): Answer =>
  ({ miner, moment, yes }) =>
    yes(70, 'CGMiner stats', {
      STATS: [
        {
          'STATS': 0,
          'ID': 'AVA100',
          'Elapsed': told(moment, 'elapsedS', moment.elapsedS),
          'Calls': 0,
          'Wait': 0,
          'Max': 0,
          'Min': 99_999_999,
          [key]: blocksOf(miner, moment),
          'MM Count': 1,
        },
      ],
    })

/** Canaan's firmware of the A series: the whole machine in one line of brackets. */
export const avalon: Face = {
  name: 'avalon',
  rpc: rpcOf({
    description: () => 'cgminer 4.11.1',
    joins: true,
    answers: {
      version: ({ miner, yes }) => yes(22, 'CGMiner versions', { VERSION: [versionOf(miner)] }),
      summary: ({ moment, yes }) => yes(11, 'Summary', { SUMMARY: [summaryRow(moment, 'MHS')] }),
      pools: ({ moment, yes }) => yes(7, poolsMessage(moment), poolList(moment)),
      devs: ({ moment, yes }) => yes(9, '1 ASC(s)', { DEVS: [deviceOf(moment)] }),
      devdetails: ({ yes }) =>
        yes(69, 'Device Details', {
          DEVDETAILS: [
            { DEVDETAILS: 0, Name: 'AVA10', ID: 0, Driver: 'avalon10', Kernel: '', Model: '' },
          ],
        }),
      stats: statsAs('MM ID0'),
      estats: statsAs('MM ID0'),
      litestats: statsAs('MM ID0:Summary'),
      ascset,
      // A plain word where others have a list.
      restart: ({ miner }) => {
        miner.order({ type: 'restart_mining' })
        return { STATUS: 'RESTART', id: 1 }
      },
    },
  }),
  http: (_, request) => pageOf('Avalon Device', request),
}
