import type { Moment, NoticedFault, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { plainModel, round } from '../words.js'
import { ghs } from '../cgminer_rows.js'
import { aliveBoards, hottestC, told } from '../parts.js'

const BUILT = '2025-03-02 10:11:12'
const MV_PER_V = 1000
/** What the firmware's maker keeps for himself. */
const FEE_PERCENT = 2.8

/** "1 days, 4:05" and "18:07". */
export const uptimeText = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60)
  const clock = `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`
  const days = Math.floor(minutes / 1440)
  return days > 0 ? `${days} days, ${clock}` : clock
}

export const infoOf = (miner: SimulatedMiner, moment: Moment) => ({
  fw_name: 'Vnish',
  fw_version: miner.firmwareVersion,
  platform: 'am-v1',
  install_type: 'nand',
  build_time: BUILT,
  miner: plainModel(miner),
  model: plainModel(miner)
    .replace(/^antminer /i, '')
    .replaceAll(' ', '')
    .toLowerCase(),
  algorithm: 'sha256d',
  hr_measure: 'GH/s',
  serial: miner.serial,
  system: {
    os: 'GNU/Linux',
    miner_name: plainModel(miner),
    file_system_version: BUILT,
    uptime: told(moment, 'uptimeS', uptimeText(moment.uptimeS)),
    network_status: {
      mac: miner.mac.toLowerCase(),
      dhcp: true,
      ip: miner.ip,
      netmask: '255.255.255.0',
      gateway: '',
      dns: [],
      hostname: miner.hostname,
    },
  },
})

const FAILURES: Partial<Record<NoticedFault['kind'], [code: number, description: string]>> = {
  overheat: [33, 'Chip temperature is too high'],
  psu: [11, 'Power supply does not answer'],
}

/** Only what stops it is a failure. */
const failureOf = ({ phase, faults }: Moment) =>
  faults
    .flatMap(({ kind }) => (kind === 'psu' || phase === 'tripped' ? (FAILURES[kind] ?? []) : []))
    .slice(0, 2) as [code: number, description: string] | []

const STATES = {
  booting: 'initializing',
  starting: 'starting',
  mining: 'mining',
  paused: 'stopped',
  tripped: 'failure',
} as const

const minerStatus = (moment: Moment) => {
  const [code, description] = failureOf(moment)
  const state = code === undefined ? STATES[moment.phase] : 'failure'
  return {
    miner_state: state,
    miner_state_time: moment.elapsedS,
    throttled: 100,
    ...(code === undefined ? {} : { failure_code: code, description }),
  }
}

export const statusOf = (moment: Moment, isUnlocked: boolean) => ({
  ...minerStatus(moment),
  find_miner: moment.isLocating,
  restart_required: false,
  reboot_required: false,
  unlocked: isUnlocked,
})

export const summaryOf = (miner: SimulatedMiner, moment: Moment) => {
  const { hashrateThs, hashrateAvgThs, expectedThs, powerW } = moment
  const boards = aliveBoards(moment)
  const coldest = (values: number[]) =>
    values.length === 0 ? null : Math.round(Math.min(...values))
  return {
    miner: {
      miner_status: minerStatus(moment),
      miner_type: `${plainModel(miner)} (Vnish ${miner.firmwareVersion})`,
      hr_stock: ghs(miner.model.hashrateThs),
      average_hashrate: told(moment, 'hashrateAvgThs', round(hashrateAvgThs, 4)),
      instant_hashrate: told(moment, 'hashrateThs', round(hashrateThs, 4)),
      hr_realtime: told(moment, 'hashrateThs', ghs(hashrateThs)),
      hr_nominal: told(moment, 'expectedThs', ghs(expectedThs)),
      hr_average: told(moment, 'hashrateAvgThs', ghs(hashrateAvgThs)),
      pcb_temp: {
        min: coldest(boards.map(({ pcbC }) => pcbC - 4)),
        max: Math.round(Math.max(0, ...boards.map(({ pcbC }) => pcbC))),
      },
      chip_temp: {
        min: coldest(boards.map(({ chipMinC }) => chipMinC)),
        max: Math.round(hottestC(moment)),
      },
      power_consumption: told(moment, 'powerW', Math.round(powerW)),
      power_usage: told(moment, 'powerW', Math.round(powerW)),
      power_efficiency: hashrateThs > 0 ? round(powerW / hashrateThs, 1) : 0,
      hw_errors: told(moment, 'hardwareErrors', moment.hardwareErrors),
      devfee_percent: FEE_PERCENT,
      devfee: round(ghs(hashrateThs) * (FEE_PERCENT / 100)),
      found_blocks: 0,
      best_share: 0,
      psu: null,
      pools: told(moment, 'pools', poolsOf(moment)),
      cooling: {
        fan_num: moment.fans.length,
        fans: told(
          moment,
          'fans',
          moment.fans.map(({ slot, rpm }) => ({
            id: slot,
            rpm,
            status: rpm > 0 ? 'ok' : 'lost',
            max_rpm: 7800,
          }))
        ),
        settings: { mode: { name: 'auto' } },
        fan_duty: moment.fanPercent,
      },
      chains: told(
        moment,
        'boards',
        moment.boards.map((board) => chainOf(moment, board))
      ),
    },
  }
}

const chainOf = ({ phase, powerW, boards }: Moment, board: SimulatedBoard) => {
  const between = (low: number, high: number) =>
    board.isAlive ? { min: round(low, 1), max: round(high, 1) } : { min: 0, max: 0 }
  return {
    id: board.slot + 1,
    frequency: board.frequencyMhz,
    voltage: Math.round(board.voltageV * MV_PER_V),
    power_consumption: board.isAlive ? Math.round(powerW / boards.length) : 0,
    hashrate_ideal: ghs(board.expectedThs),
    hashrate_rt: ghs(board.hashrateThs),
    hashrate_percentage:
      board.expectedThs > 0 ? round((100 * board.hashrateThs) / board.expectedThs, 1) : 0,
    hr_error: 0.01,
    hw_errors: board.hardwareErrors,
    pcb_temp: between(board.pcbC - 4, board.pcbC),
    chip_temp: between(board.chipMinC, board.chipMaxC),
    chip_statuses: { red: 0, orange: 0, grey: 0 },
    status: board.isAlive ? { state: STATES[phase] } : { state: 'disconnected' },
    inlet_water_temp: null,
    outlet_water_temp: null,
  }
}

export const withoutScheme = (url: string): string => url.replace(/^stratum\+tcp:\/\//i, '')

/** Without a scheme; the last one is the maker's. */
const poolsOf = ({ pools, phase, accepted }: Moment) => {
  const rows = pools.map((pool, id) => ({
    id,
    url: withoutScheme(pool.url),
    pool_type: 'UserPool',
    user: pool.user,
    status: pool.isAlive ? (pool.isActive ? 'active' : 'working') : 'offline',
    asic_boost: true,
    accepted: pool.accepted,
    rejected: pool.rejected,
    stale: pool.stale,
  }))
  const fee = Math.round((accepted * FEE_PERCENT) / 100)
  const counts = { accepted: fee, rejected: 0, stale: 0 }
  const status = phase === 'mining' ? 'working' : 'offline'
  const own = { url: 'DevFee', pool_type: 'DevFee', user: 'DevFee', status, asic_boost: true }
  return [...rows, { id: rows.length, ...own, ...counts }]
}
