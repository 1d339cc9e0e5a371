import type { Face, SimulatedMiner } from '../../contract.js'
import { plainModel, round } from '../words.js'
import { pageOf } from '../page.js'
import { told } from '../parts.js'
import { rpcOf } from '../rpc.js'
import { addPool, pools, removePool, switchPool } from './pools.js'
import * as rows from './rows.js'
import { kill, logoff, logon, session } from './session.js'
import { WRITES } from './writes.js'

const BUILT = 'Tue Apr  8 22:05:35 UTC 2025'
const build = ({ firmwareVersion }: SimulatedMiner) => `${firmwareVersion}-57b389c7`

const versionOf = (miner: SimulatedMiner) => ({
  API: '3.7',
  CompileTime: BUILT,
  LUXminer: build(miner),
  Miner: miner.firmwareVersion,
  Type: plainModel(miner),
})

/** LuxOS: cgminer's API with additions, and one session for whoever changes something. */
export const luxos: Face = {
  name: 'luxos',
  rpc: rpcOf({
    description: (miner) => `LUXminer ${build(miner)}`,
    joins: true,
    answers: {
      version: ({ miner, yes }) => yes(22, 'LUXminer versions', { VERSION: [versionOf(miner)] }),
      summary: ({ moment, yes }) => yes(11, 'Summary', { SUMMARY: [rows.summaryOf(moment)] }),
      stats: ({ miner, moment, yes }) =>
        yes(70, 'LUXminer stats', {
          STATS: [
            { CompileTime: BUILT, Miner: miner.firmwareVersion, Type: plainModel(miner) },
            rows.statsOf(moment),
          ],
        }),
      config: ({ miner, moment, yes }) =>
        yes(33, 'LUXminer config', { CONFIG: [rows.configOf(miner, moment)] }),
      devs: ({ miner, moment, yes }) =>
        yes(9, `${moment.boards.length} ASC(s)`, {
          DEVS: told(moment, 'boards', rows.devsOf(miner, moment)),
        }),
      devdetails: ({ miner, moment, yes }) =>
        yes(69, 'Device Details', {
          DEVDETAILS: moment.boards.map(({ slot }) => ({
            DEVDETAILS: slot,
            Name: '',
            ID: slot,
            Driver: 'luxminer',
            Kernel: '',
            Model: plainModel(miner),
          })),
        }),
      pools,
      groups: ({ yes }) =>
        yes(1, '1 Group(s)', { GROUPS: [{ GROUP: 0, Name: 'default', Quota: 1 }] }),
      asccount: ({ moment, yes }) =>
        yes(104, 'ASC count', { ASCS: [{ Count: moment.boards.length }] }),
      atm: ({ miner, yes }) => yes(339, 'ATM', { ATM: [{ Enabled: rows.isAtmOn(miner) }] }),
      temps: ({ moment, yes }) =>
        yes(201, `${moment.boards.length} Temp(s)`, told(moment, 'boards', rows.tempsOf(moment))),
      fans: ({ moment, yes }) =>
        yes(202, `${moment.fans.length} Fan(s)`, {
          FANCTRL: [{ MinFans: moment.fans.length - 1, PowerOffSpeed: 20 }],
          FANS: rows.fansOf(moment),
        }),
      power: ({ moment, yes }) =>
        yes(311, 'Power usage', {
          POWER: [{ PSU: false, Watts: told(moment, 'powerW', Math.round(moment.powerW)) }],
        }),
      profiles: ({ miner, moment, yes }) =>
        yes(338, 'Profiles', { PROFILES: rows.profileRows(miner, moment) }),
      voltageget: ({ moment, parameter, yes, no }) => {
        const board = moment.boards.find(({ slot }) => String(slot) === parameter)
        if (!board) return no(301, `Invalid board '${parameter}'`)
        const VOLTAGE = [{ Board: board.slot, Voltage: round(board.voltageV) }]
        return yes(307, 'Get Voltage', { VOLTAGE })
      },
      events: ({ moment, yes }) => yes(357, 'Miner Events', { EVENTS: rows.eventsOf(moment) }),
      logon,
      session,
      logoff,
      kill,
      addpool: addPool,
      switchpool: switchPool,
      removepool: removePool,
      ...WRITES,
    },
  }),
  http: (_, request) => pageOf('Luxor Firmware', request),
}
