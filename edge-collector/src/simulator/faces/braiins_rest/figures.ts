import type { Moment, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { aliveBoards, hottestC, told } from '../parts.js'

const HERTZ_PER_MHZ = 1e6

export const gigahash = (ths: number) => ({ gigahash_per_second: round(ths * 1000, 3) })
const celsius = (value: number) => ({ degree_c: round(value, 1) })

/** Every window that the firmware counts; long ones are the mean. */
const windows = (nowThs?: number, averageThs?: number) => {
  const now = nowThs === undefined ? undefined : gigahash(nowThs)
  const average = averageThs === undefined ? undefined : gigahash(averageThs)
  return {
    last_5s: now,
    last_15s: now,
    last_30s: now,
    last_1m: now,
    last_5m: average,
    last_15m: average,
    last_30m: average,
    last_1h: average,
    last_24h: average,
    since_restart: average,
  }
}

export const statsOf = (_: SimulatedMiner, moment: Moment) => {
  const { powerW, hashrateThs } = moment
  return {
    pool_stats: {
      accepted_shares: told(moment, 'accepted', moment.accepted),
      rejected_shares: told(moment, 'rejected', moment.rejected),
      stale_shares: told(moment, 'stale', moment.stale),
      last_difficulty: moment.difficulty,
    },
    miner_stats: {
      real_hashrate: windows(
        told(moment, 'hashrateThs', hashrateThs),
        told(moment, 'hashrateAvgThs', moment.hashrateAvgThs)
      ),
      nominal_hashrate: told(moment, 'expectedThs', gigahash(moment.expectedThs)),
      error_hashrate: { megahash_per_second: 0 },
      found_blocks: 0,
    },
    power_stats: {
      approximated_consumption: told(moment, 'powerW', { watt: Math.round(powerW) }),
      efficiency: {
        joule_per_terahash: hashrateThs > 0 ? round(powerW / hashrateThs, 3) : null,
      },
    },
  }
}

/** Boards that are not found are not in the list; the others keep their number, from "1". */
export const hashboardsOf = (_: SimulatedMiner, moment: Moment) => ({
  hashboards: told(
    moment,
    'boards',
    aliveBoards(moment).map((board) => boardOf(moment, board))
  ),
})

const boardOf = ({ inletC }: Moment, board: SimulatedBoard) => ({
  id: String(board.slot + 1),
  enabled: true,
  board_name: 'BHB42601',
  model: 'BHB42601',
  chip_type: 'BM1362',
  serial_number: board.serial,
  chips_count: board.chipsWorking,
  current_frequency: { hertz: Math.round(board.frequencyMhz * HERTZ_PER_MHZ) },
  current_voltage: { volt: round(board.voltageV, 3) },
  board_temp: celsius(board.pcbC),
  highest_chip_temp: { id: 1, location: 1, temperature: celsius(board.chipMaxC) },
  lowest_inlet_temp: celsius(inletC + 8),
  highest_outlet_temp: celsius(board.pcbC),
  stats: {
    real_hashrate: windows(board.hashrateThs, board.hashrateAvgThs),
    nominal_hashrate: gigahash(board.expectedThs),
    error_hashrate: { megahash_per_second: 0 },
    found_blocks: 0,
  },
})

export const coolingOf = (_: SimulatedMiner, moment: Moment) => ({
  fans: told(
    moment,
    'fans',
    moment.fans.map(({ slot, rpm }) => ({
      position: slot,
      rpm,
      target_speed_ratio: moment.fanPercent / 100,
    }))
  ),
  highest_temperature: { id: null, location: 1, temperature: celsius(hottestC(moment)) },
})
