import { poolList, poolsMessage, rateRow, summaryRow } from '../cgminer_rows.js'
import { plainModel, round } from '../words.js'
import { aliveBoards, told } from '../parts.js'
import { rpcOf } from '../rpc.js'

/** The cgminer API of Braiins OS, which only tells; `name` is the process that serves it. */
export const bosRpc = (name: 'BOSer' | 'BOSminer+', build: string) =>
  rpcOf({
    description: () => `${name} ${build}`,
    joins: true,
    answers: {
      version: ({ yes }) =>
        yes(22, `${name} versions`, { VERSION: [{ API: '3.7', [name]: build }] }),
      summary: ({ moment, yes }) => yes(11, 'Summary', { SUMMARY: [summaryRow(moment, 'MHS')] }),
      pools: ({ moment, yes }) => yes(7, poolsMessage(moment), poolList(moment)),
      devs: ({ moment, yes }) =>
        yes(9, `${aliveBoards(moment).length} ASC(s)`, {
          DEVS: told(
            moment,
            'boards',
            aliveBoards(moment).map((board) => ({
              'ASC': board.slot,
              'ID': board.slot + 1,
              'Name': '',
              'Enabled': 'Y',
              'Status': 'Alive',
              'Temperature': round(board.pcbC, 1),
              ...rateRow('MHS', board.hashrateThs, board.hashrateAvgThs),
              'Hardware Errors': board.hardwareErrors,
              'Device Elapsed': moment.elapsedS,
            }))
          ),
        }),
      devdetails: ({ miner, moment, yes }) =>
        yes(69, 'Device Details', {
          DEVDETAILS: aliveBoards(moment).map(({ slot }, index) => ({
            'DEVDETAILS': index,
            'Name': '',
            'ID': slot + 1,
            'Driver': '',
            'Kernel': '',
            'Model': plainModel(miner),
            'Device Path': '',
          })),
        }),
      fans: ({ moment, yes }) =>
        yes(202, `${moment.fans.length} Fan(s)`, {
          FANS: told(
            moment,
            'fans',
            moment.fans.map(({ slot, rpm }) => ({
              FAN: slot,
              ID: slot,
              RPM: rpm,
              Speed: moment.fanPercent,
            }))
          ),
        }),
    },
  })
