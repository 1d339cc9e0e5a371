import type { Moment, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { aliveBoards, coldestC, hottestC, isRunning, meanOf, told } from '../parts.js'
import { faultsOf } from '../whatsminer/faults.js'
import { limitOf } from '../whatsminer/rows.js'
import { saltOf } from './writes.js'

const ths = (value: number) => round(value, 3)

/** `get.device.info`: who it is; counts and flags are texts. */
export const deviceInfo = (miner: SimulatedMiner, moment: Moment) => ({
  'network': {
    ip: miner.ip,
    proto: 'dhcp',
    netmask: '255.255.255.0',
    gateway: '',
    dns: '',
    mac: miner.mac,
    hostname: miner.hostname,
  },
  'miner': {
    'working': isRunning(moment) ? 'true' : 'false',
    'type': miner.model.name,
    'hash-board': miner.model.name.split('_').at(-1),
    'miner-sn': miner.serial,
    'board-num': String(miner.model.boards),
    'hash-percent': '0',
    'fast-boot': 'disable',
    'pool-strategy': 'FAILOVER',
    ...Object.fromEntries(aliveBoards(moment).map(({ slot, serial }) => [`pcbsn${slot}`, serial])),
  },
  'system': {
    'api': '3.0.2',
    'platform': 'H616',
    'fwversion': miner.firmwareVersion,
    'control-board-version': 'CB6V10',
    'ledstatus': moment.isLocating ? 'red' : 'auto',
    'apiswitch': miner.account.password === '' ? '0' : '1',
  },
  'power': {
    type: 'P221B',
    mode: '1',
    hwversion: 'RT0159',
    swversion: '230224.220429',
    model: 'P221B',
    sn: `P${miner.serial}`,
    vendor: '1',
    fanspeed: isRunning(moment) ? 6344 : 0,
  },
  'error-code': told(
    moment,
    'faults',
    faultsOf(moment).map(({ code, reason, time }) => ({ [code]: time, reason }))
  ),
  'salt': saltOf(miner),
})

const KINDS: Readonly<Record<string, (miner: SimulatedMiner, moment: Moment) => unknown>> = {
  summary: (miner, moment) => summaryOf(miner, moment),
  pools: (_, moment) => poolsOf(moment),
  edevs: (_, moment) => told(moment, 'boards', boardsOf(moment)),
}

/** `get.miner.status`: "summary", "pools+edevs"; null for a kind that there is not. */
export const minerStatus = (
  miner: SimulatedMiner,
  moment: Moment,
  kinds: string
): object | null => {
  const names = kinds.split('+')
  if (!names.every((name) => Object.hasOwn(KINDS, name))) return null
  return Object.fromEntries(names.map((name) => [name, KINDS[name]!(miner, moment)]))
}

/** TH/s everywhere; the boards' temperatures are here and not with the boards. */
const summaryOf = (miner: SimulatedMiner, moment: Moment) => {
  const boards = aliveBoards(moment)
  const { powerW, hashrateThs, hashrateAvgThs } = moment
  return {
    'elapsed': told(moment, 'elapsedS', moment.elapsedS),
    'bootup-time': told(moment, 'uptimeS', moment.uptimeS),
    'freq-avg': round(meanOf(boards.map(({ frequencyMhz }) => frequencyMhz))),
    'hash-average': told(moment, 'hashrateAvgThs', ths(hashrateAvgThs)),
    'hash-1min': told(moment, 'hashrateThs', ths(hashrateThs)),
    'hash-15min': told(moment, 'hashrateAvgThs', ths(hashrateAvgThs)),
    'hash-realtime': told(moment, 'hashrateThs', ths(hashrateThs)),
    'factory-hash': told(moment, 'expectedThs', ths(moment.expectedThs)),
    'power-rate': hashrateThs > 0 ? round(powerW / hashrateThs) : 0,
    'power-realtime': told(moment, 'powerW', Math.round(powerW)),
    'power-5min': told(moment, 'powerW', Math.round(powerW)),
    'power-limit': told(moment, 'powerLimitW', limitOf(miner, moment)),
    'environment-temperature': told(moment, 'inletC', round(moment.inletC, 1)),
    'board-temperature': told(
      moment,
      'boards',
      moment.boards.map(({ pcbC }) => round(pcbC, 1))
    ),
    'chip-temp-min': round(coldestC(moment), 1),
    'chip-temp-avg': round(meanOf(boards.map(({ chipC }) => chipC)), 1),
    'chip-temp-max': round(hottestC(moment), 1),
    'fan-speed-in': told(moment, 'fans', moment.fans[0]?.rpm),
    'fan-speed-out': told(moment, 'fans', moment.fans[1]?.rpm),
    'up-freq-finish': moment.phase === 'mining' ? 1 : 0,
  }
}

const boardsOf = (moment: Moment) =>
  aliveBoards(moment).map((board) => ({
    'id': board.slot,
    'status': 'alive',
    'freq': board.frequencyMhz,
    'hash-average': ths(board.hashrateAvgThs),
    'hash-realtime': ths(board.hashrateThs),
    'factory-hash': ths(board.expectedThs),
    'effective-chips': board.chipsWorking,
    'chip-temp-min': round(board.chipMinC, 1),
    'chip-temp-avg': round(board.chipC, 1),
    'chip-temp-max': round(board.chipMaxC, 1),
  }))

const poolsOf = (moment: Moment) =>
  told(
    moment,
    'pools',
    moment.pools.map((pool, index) => ({
      'id': index + 1,
      'url': pool.url,
      'account': pool.user,
      'status': pool.isAlive ? 'alive' : 'dead',
      'pool-priority': index,
      'stratum-active': pool.isActive,
      'reject-rate': pool.accepted > 0 ? round((100 * pool.rejected) / pool.accepted) : 0,
    }))
  )

/** `get.miner.setting` */
export const minerSetting = (miner: SimulatedMiner, moment: Moment) => ({
  'power-limit': limitOf(miner, moment),
  'power-mode': moment.mode,
  'upfreq-speed': 0,
  'service': moment.phase === 'paused' ? 'stop' : 'start',
})
