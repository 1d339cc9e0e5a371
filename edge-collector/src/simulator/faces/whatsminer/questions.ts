import type { Moment, SimulatedMiner } from '../../contract.js'
import { poolsMessage } from '../cgminer_rows.js'
import { aliveBoards, isRunning, localTime, told } from '../parts.js'
import { faultsOf } from './faults.js'
import { limitOf, toDevs, toPoolRows, toSummary } from './rows.js'

/** How `btminer` wraps: a letter and `Msg`. What comes of cgminer has a list and an id. */
export type Reply = (miner: SimulatedMiner, moment: Moment) => Whole | Message

interface Whole {
  code: number
  message: string
  lists: Record<string, unknown>
}
interface Message {
  msg: Record<string, unknown>
}

const apiVersion = (firmwareVersion: string) => (firmwareVersion >= '202411' ? '3.0.2' : '2.0.5')

const statusOf: Reply = (miner, moment) => ({
  msg: {
    mineroff: isRunning(moment) ? 'false' : 'true',
    mineroff_reason: moment.phase === 'tripped' ? 'temperature' : '',
    mineroff_time: isRunning(moment) ? '' : localTime(moment.at),
    FirmwareVersion: miner.firmwareVersion,
    power_mode: moment.mode,
    power_limit_set: moment.powerLimitW === null ? '' : String(limitOf(miner, moment)),
    hash_percent: '0',
  },
})

const versionOf: Reply = ({ firmwareVersion }) => ({
  msg: {
    api_ver: apiVersion(firmwareVersion),
    fw_ver: firmwareVersion,
    platform: 'H616',
    chip: '',
  },
})

const infoOf: Reply = (miner, moment) => ({
  msg: {
    ip: miner.ip,
    proto: 'dhcp',
    netmask: '255.255.255.0',
    gateway: '',
    dns: '',
    hostname: miner.hostname,
    mac: miner.mac,
    ledstat: moment.isLocating ? 'red' : 'auto',
    minersn: miner.serial,
    powersn: `P${miner.serial}`,
  },
})

const psuOf: Reply = (miner, moment) => ({
  msg: {
    name: 'P222B',
    hw_version: '',
    sw_version: '230208.220429',
    model: 'P222B',
    iin: '',
    vin: '23000',
    fan_speed: isRunning(moment) ? '6344' : '0',
    serial_no: `P${miner.serial}`,
  },
})

const devices: Reply = (_, moment) => ({
  code: 9,
  message: `${aliveBoards(moment).length} ASC(s)`,
  lists: { DEVS: told(moment, 'boards', toDevs(moment)) },
})

const details: Reply = (miner, moment) => ({
  code: 69,
  message: 'Device Details',
  lists: {
    DEVDETAILS: moment.boards.map(({ slot }) => ({
      DEVDETAILS: slot,
      Name: 'SM',
      ID: slot,
      Driver: 'bitmicro',
      Kernel: '',
      Model: miner.model.name,
    })),
  },
})

/** Anybody may ask these. */
export const QUESTIONS: Readonly<Record<string, Reply>> = {
  summary: (miner, moment) => ({
    code: 11,
    message: 'Summary',
    lists: { SUMMARY: [toSummary(miner, moment)] },
  }),
  devs: devices,
  edevs: devices,
  devdetails: details,
  pools: (_, moment) => ({
    code: 7,
    message: poolsMessage(moment),
    lists: { POOLS: toPoolRows(moment) },
  }),
  status: statusOf,
  get_version: versionOf,
  get_miner_info: infoOf,
  get_psu: psuOf,
  get_error_code: (_, moment) => ({
    msg: {
      error_code: told(
        moment,
        'faults',
        faultsOf(moment).map(({ code, time }) => ({ [code]: time }))
      ),
    },
  }),
}

/** Answers of cgminer can be joined; those of btminer cannot. */
export const JOINABLE = ['summary', 'devs', 'edevs', 'devdetails', 'pools']
