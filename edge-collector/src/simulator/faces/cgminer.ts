import type { Face, Moment } from '../contract.js'
import { poolList, poolsMessage, rateRow, summaryRow } from './cgminer_rows.js'
import { type Answer, rpcOf } from './rpc.js'
import { round } from './words.js'
import { told } from './parts.js'

/** What the API allows nobody who is not in a group with W. */
const PRIVILEGED = [
  ...['addpool', 'ascdisable', 'ascenable', 'ascset', 'disablepool', 'enablepool', 'failover-only'],
  ...[
    'poolpriority',
    'poolquota',
    'quit',
    'removepool',
    'restart',
    'save',
    'setconfig',
    'switchpool',
  ],
  ...['zero', 'lockstats', 'hotplug', 'debug'],
]

const denied: Answer = ({ miner, command, no }) => {
  miner.denied(command, 'no write access')
  return no(45, `Access denied to '${command}' command`)
}

const devs: Answer = ({ moment, yes, no }) =>
  moment.boards.length === 0
    ? no(10, 'No ASCs')
    : yes(9, `${moment.boards.length} ASC(s)`, { DEVS: told(moment, 'boards', deviceRows(moment)) })

const deviceRows = (moment: Moment) =>
  moment.boards.map((board, index) => ({
    'ASC': board.slot,
    'Name': 'SIM',
    'ID': index,
    'Enabled': 'Y',
    'Status': board.isAlive ? 'Alive' : 'Dead',
    'Temperature': round(board.pcbC),
    ...rateRow('MHS', board.hashrateThs, board.hashrateAvgThs),
    'Hardware Errors': board.hardwareErrors,
    'Frequency': round(board.frequencyMhz),
    'No Device': !board.isAlive,
    'Device Elapsed': moment.elapsedS,
  }))

const statsRows = ({ elapsedS, boards }: Moment) =>
  boards.map(({ slot }) => ({
    STATS: slot,
    ID: `SIM${slot}`,
    Elapsed: elapsedS,
    Calls: 0,
    Wait: 0,
    Max: 0,
    Min: 99999999,
  }))

/** Plain cgminer on hardware that nobody knows: it may be read and nothing else. */
export const cgminer: Face = {
  name: 'cgminer',
  rpc: rpcOf({
    description: ({ firmwareVersion }) => `cgminer ${firmwareVersion}`,
    joins: true,
    hasTexts: true,
    answers: {
      version: ({ miner, yes }) =>
        yes(22, 'CGMiner versions', {
          VERSION: [{ CGMiner: miner.firmwareVersion, API: '3.7' }],
        }),
      summary: ({ moment, yes }) => yes(11, 'Summary', { SUMMARY: [summaryRow(moment, 'MHS')] }),
      pools: ({ moment, yes }) => yes(7, poolsMessage(moment), poolList(moment)),
      devs,
      devdetails: ({ moment, yes }) =>
        yes(69, 'Device Details', {
          DEVDETAILS: moment.boards.map(({ slot }, index) => ({
            'DEVDETAILS': index,
            'Name': 'SIM',
            'ID': slot,
            'Driver': 'sim',
            'Kernel': '',
            'Model': '',
            'Device Path': '',
          })),
        }),
      stats: ({ moment, yes }) => yes(70, 'CGMiner stats', { STATS: statsRows(moment) }),
      coin: ({ yes }) => yes(78, 'CGMiner coin', { COIN: [{ 'Hash Method': 'sha256' }] }),
      config: ({ moment, yes }) =>
        yes(33, 'CGMiner config', {
          CONFIG: [
            {
              'ASC Count': moment.boards.length,
              'PGA Count': 0,
              'Pool Count': moment.pools.length,
              'Strategy': 'Failover',
              'Log Interval': 5,
              'Device Code': 'SIM ',
              'OS': 'Linux',
              'Hotplug': 'None',
            },
          ],
        }),
      ...Object.fromEntries(PRIVILEGED.map((command) => [command, denied])),
    },
  }),
}
