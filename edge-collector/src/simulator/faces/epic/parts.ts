import type { Moment, NoticedFault, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { plainModel, round, secondsOf } from '../words.js'
import { mhs } from '../cgminer_rows.js'
import { aliveBoards, told } from '../parts.js'
import { tuneOf } from './tune.js'

/** Rows for fans that this board could have. */
const FAN_PLACES = 12
const STATES = {
  booting: 'Initializing',
  starting: 'Initializing',
  mining: 'Mining',
  paused: 'Idling',
  tripped: 'Idling',
} as const

const ERRORS: Record<NoticedFault['kind'], string> = {
  fan: 'Fan failure',
  psu: 'PSU failure',
  overheat: 'Shutdown temperature exceeded',
  board: 'Hashboard not detected',
  chips: 'Chips missing',
  pool: 'Pool not reachable',
  network: 'Network error',
}

const percent = (part: number, whole: number) => (whole > 0 ? round((100 * part) / whole, 1) : 0)

const boardRow = (board: SimulatedBoard) => ({
  'Index': board.slot,
  'Input Voltage': round(board.voltageV),
  'Output Voltage': 0,
  'Input Current': 0,
  'Output Current': 0,
  'Input Power': 0,
  'Output Power': 0,
  'Temperature': round(board.pcbC, 3),
  'Core Clock': [],
  'Core Clock Avg': round(board.frequencyMhz, 1),
  'Hashrate': [mhs(board.hashrateThs), percent(board.hashrateThs, board.expectedThs), 0.8],
})

const fansOf = (moment: Moment) =>
  Object.fromEntries(
    Array.from({ length: FAN_PLACES }, (_, slot) => [
      `Fans Speed ${slot + 1}`,
      moment.fans[slot]?.rpm ?? null,
    ])
  )

const sessionOf = (moment: Moment) => ({
  'Uptime': told(moment, 'elapsedS', moment.elapsedS),
  'Startup Timestamp': secondsOf(moment) - moment.elapsedS,
  'WorkReceived': Math.floor(moment.elapsedS / 30),
  'Active HBs': aliveBoards(moment).length,
  'Average MHs': told(moment, 'hashrateAvgThs', mhs(moment.hashrateAvgThs)),
  'Accepted': told(moment, 'accepted', moment.accepted),
  'Rejected': told(moment, 'rejected', moment.rejected),
  'Submitted': moment.accepted + moment.rejected,
  'Difficulty': moment.difficulty,
})

const stratumOf = ({ pools }: Moment) => {
  const index = Math.max(
    0,
    pools.findIndex(({ isActive }) => isActive)
  )
  const current = pools[index]
  return {
    'Current Pool': current?.url.replace(/^[a-z0-9+]+:\/\//i, '') ?? '',
    'Current User': current?.user ?? '',
    'IsPoolConnected': current?.isAlive ?? false,
    'Average Latency': 0.038,
    'Config Id': index,
    'Worker Unique Id': false,
  }
}

export const summaryOf = (miner: SimulatedMiner, moment: Moment) => {
  const isMining = moment.phase === 'mining'
  const alive = aliveBoards(moment)
  return {
    'Software': miner.firmwareVersion,
    'Hostname': miner.hostname,
    'OS Type': 'umcOS',
    'Mining': { Algorithm: 'SHA-256', Coin: 'BTC' },
    'Status': {
      'Operating State': STATES[moment.phase],
      'Last Command': null,
      'Last Command Result': null,
      'Last Error': moment.faults[0] ? ERRORS[moment.faults[0].kind] : null,
    },
    'Stratum': stratumOf(moment),
    'StratumConfigs': told(
      moment,
      'pools',
      moment.pools.map(({ url, user, password }) => ({ pool: url, login: user, password }))
    ),
    'Session': sessionOf(moment),
    'HBStatus': told(
      moment,
      'boards',
      moment.boards.map(({ slot, isAlive }) => ({
        Index: slot,
        Detected: isAlive,
        Enabled: isAlive,
      }))
    ),
    // Only boards that run.
    'HBs': isMining || moment.phase === 'starting' ? alive.map(boardRow) : [],
    'Fans Rpm': told(moment, 'fans', fansOf(moment)),
    'Fans': {
      'Fan Mode': { Auto: { 'Idle Speed': 20, 'Target Temperature': 60 } },
      'Fans Speed': moment.fanPercent,
    },
    'Power Supply Stats': {
      'Input Voltage': 0,
      'Input Current': 0,
      'Input Power': told(moment, 'powerW', round(moment.powerW, 4)),
      'Output Voltage': round(alive[0]?.voltageV ?? 0, 3),
      'Output Current': 0,
      'Output Power': 0,
      'Target Voltage': Math.round(miner.model.boardVoltageV * 1000),
    },
    'PerpetualTune': tuneOf(miner, moment),
    'Misc': {
      'Locate Miner State': moment.isLocating,
      'Shutdown Temp': 85,
      'Critical Temp': 100,
    },
  }
}

/** In TH/s and W, unlike the rest. */
export const capabilitiesOf = (miner: SimulatedMiner, moment: Moment) => ({
  'Model': plainModel(miner).replace('Antminer', 'AntMiner'),
  'Model Subtype': 'BHB56801',
  'Chip Type': 'BM1366',
  'Max HBs': miner.model.boards,
  'Default Hashrate': miner.model.hashrateThs,
  'Default Clock': miner.model.frequencyMhz,
  'Default Voltage': Math.round(miner.model.boardVoltageV * 1000),
  'Board Serial Numbers': aliveBoards(moment).map(({ serial }) => serial),
  'Control Board Version': { cpuHardware: 'STM32 (Device Tree Support)', cpuSerial: miner.serial },
  'Coins': ['BTC'],
  'PerpetualTune': ['VoltageOptimizer', 'ChipTune', 'BoardTune', 'PowerTune'].map((algorithm) => ({
    algorithm,
    name: algorithm,
    min: 0,
    max:
      algorithm === 'PowerTune' ? miner.model.powerW * 2 : Math.round(miner.model.hashrateThs * 2),
  })),
})

export const networkOf = (miner: SimulatedMiner) => ({
  dhcp: {
    address: miner.ip,
    netmask: '255.255.255.0',
    gateway: '',
    dns: '',
    mac_address: miner.mac,
  },
})

/** Where the air comes in and where it goes out. */
export const tempsOf = (_: SimulatedMiner, { boards }: Moment) =>
  boards
    .filter(({ isAlive }) => isAlive)
    .map(({ slot, pcbC }) => ({
      Index: slot,
      Data: [round(pcbC - 12, 3), round(pcbC, 3)],
      Total: 0,
    }))

/** A row for each chip; those that do nothing have zeros. */
export const hashrateOf = ({ model }: SimulatedMiner, moment: Moment) =>
  moment.phase === 'mining'
    ? aliveBoards(moment).map((board) => ({
        Index: board.slot,
        Data: Array.from({ length: model.chipsPerBoard }, (_, chip) =>
          chip < board.chipsWorking
            ? [mhs(board.hashrateThs / board.chipsWorking), 100, 3.9]
            : [0, 0, 0]
        ),
        Total: [mhs(board.hashrateThs), percent(board.hashrateThs, board.expectedThs), 3.9],
      }))
    : []

export const clocksOf = (_: SimulatedMiner, moment: Moment) =>
  aliveBoards(moment).map(({ slot, frequencyMhz }) => ({ Index: slot, Data: frequencyMhz }))

export const voltagesOf = (_: SimulatedMiner, moment: Moment) =>
  aliveBoards(moment).map(({ slot, voltageV }) => ({ Index: slot, Data: round(voltageV, 3) }))
