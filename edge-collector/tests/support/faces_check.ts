import type { Assert } from '@japa/assert'
import type { Hashboard, Pool, Reading } from '../../protocol/record.js'
import type { Moment, SimulatedBoard } from '../../src/simulator/contract.js'
import type { FakeMachine } from './faces_machine.js'

/** What a family says of a machine; the rest is not compared. */
export interface Tells {
  fields: (keyof typeof FIELDS)[]
  boards: (keyof typeof BOARD)[]
  pools: (keyof Pool)[]
  /** °C: rounded by the family to that. */
  celsius?: number
}

const FIELDS = {
  hashrate_ths: (m: Moment) => m.hashrateThs,
  hashrate_avg_ths: (m: Moment) => m.hashrateAvgThs,
  expected_hashrate_ths: (m: Moment) => m.expectedThs,
  wattage_w: (m: Moment) => m.powerW,
  uptime_s: (m: Moment) => m.elapsedS,
  system_uptime_s: (m: Moment) => m.uptimeS,
  shares_accepted: (m: Moment) => m.accepted,
  shares_rejected: (m: Moment) => m.rejected,
  shares_stale: (m: Moment) => m.stale,
  hardware_errors: (m: Moment) => m.hardwareErrors,
  temp_inlet_c: (m: Moment) => m.inletC,
  mac: (_: Moment, machine: FakeMachine) => machine.mac,
  hostname: (_: Moment, machine: FakeMachine) => machine.hostname,
  serial_number: (_: Moment, machine: FakeMachine) => machine.serial,
  firmware_version: (_: Moment, machine: FakeMachine) => machine.firmwareVersion,
  fault_light: (m: Moment) => m.isLocating,
} satisfies Partial<Record<keyof Reading, unknown>>

const BOARD = {
  slot: (b: SimulatedBoard) => b.slot,
  active: (b: SimulatedBoard) => b.isAlive,
  hashrate_ths: (b: SimulatedBoard) => b.hashrateThs,
  hashrate_avg_ths: (b: SimulatedBoard) => b.hashrateAvgThs,
  expected_hashrate_ths: (b: SimulatedBoard) => b.expectedThs,
  chips_working: (b: SimulatedBoard) => b.chipsWorking,
  temp_board_c: (b: SimulatedBoard) => b.pcbC,
  temp_chip_c: (b: SimulatedBoard) => b.chipC,
  temp_chip_min_c: (b: SimulatedBoard) => b.chipMinC,
  temp_chip_max_c: (b: SimulatedBoard) => b.chipMaxC,
  frequency_mhz: (b: SimulatedBoard) => b.frequencyMhz,
  voltage_v: (b: SimulatedBoard) => b.voltageV,
  serial_number: (b: SimulatedBoard) => b.serial,
  hw_errors: (b: SimulatedBoard) => b.hardwareErrors,
} satisfies Partial<Record<keyof Hashboard, unknown>>

const RELATIVE = 1e-3

/** The reading says what the machine is like, as exactly as the family can. */
export const assertTells = (
  assert: Assert,
  reading: Reading,
  machine: FakeMachine,
  tells: Tells
) => {
  const { moment } = machine
  const same = (actual: unknown, expected: unknown, name: string) => {
    if (typeof expected !== 'number') return assert.deepEqual(actual, expected, name)
    assert.isNumber(actual, name)
    const slack = /^temp_/.test(name) ? (tells.celsius ?? 0.01) : Math.abs(expected) * RELATIVE
    assert.closeTo(actual as number, expected, slack, name)
  }
  for (const name of tells.fields) same(reading[name], FIELDS[name](moment, machine), name)
  assert.deepEqual(
    reading.fans?.map(({ rpm }) => rpm) ?? [],
    moment.fans.map(({ rpm }) => rpm)
  )
  assert.lengthOf(reading.hashboards ?? [], moment.boards.length)
  moment.boards.forEach((board, index) => {
    for (const name of tells.boards) {
      same(reading.hashboards![index]![name], BOARD[name](board), name)
    }
  })
  assert.lengthOf(reading.pools ?? [], moment.pools.length)
  moment.pools.forEach((pool, index) => {
    const expected: Partial<Pool> = {
      url: pool.url,
      user: pool.user,
      alive: pool.isAlive,
      active: pool.isActive,
      accepted: pool.accepted,
      rejected: pool.rejected,
      stale: pool.stale,
    }
    for (const name of tells.pools) {
      assert.equal(reading.pools![index]![name], expected[name] as never, `pool ${name}`)
    }
  })
}
