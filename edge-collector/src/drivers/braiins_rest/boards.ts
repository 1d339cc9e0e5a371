import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { slotsOf } from '../web/board_slots.js'
import { dig, objectsOf, toRpm } from '../web/dig.js'
import { toRate } from './rates.js'

const HERTZ_PER_MHZ = 1e6

/** miner/hw/hashboards */
export const toBoards = (answer: Json | null): Hashboard[] | null => {
  const rows = objectsOf(at(dig(answer), 'hashboards'))
  const slots = slotsOf(rows?.map((row) => textAt(row, 'id')) ?? [])
  return rows?.map((row, position) => toBoard(row, slots[position] ?? position)) ?? null
}

const toBoard = (row: JsonObject, slot: number): Hashboard => {
  const rates = dig(row, 'stats', 'real_hashrate')
  const hertz = amountAt(dig(row, 'current_frequency'), 'hertz')
  const celsius = (...keys: string[]) => toCelsius(at(dig(row, ...keys), 'degree_c'))
  return {
    ...emptyBoard(slot),
    slot_label: textAt(row, 'id'),
    active: flagAt(row, 'enabled'),
    hashrate_ths: toRate(dig(rates, 'last_5s')),
    hashrate_avg_ths: toRate(dig(rates, 'last_15m')),
    expected_hashrate_ths: toRate(dig(row, 'stats', 'nominal_hashrate')),
    chips_working: countAt(row, 'chips_count'),
    temp_board_c: celsius('board_temp'),
    temp_chip_max_c: celsius('highest_chip_temp', 'temperature'),
    temp_inlet_c: celsius('lowest_inlet_temp'),
    temp_outlet_c: celsius('highest_outlet_temp'),
    frequency_mhz: hertz === null ? null : hertz / HERTZ_PER_MHZ,
    voltage_v: amountAt(dig(row, 'current_voltage'), 'volt'),
    serial_number: textAt(row, 'serial_number'),
  }
}

/** cooling/state */
export const toFans = (answer: Json | null): Fan[] | null =>
  objectsOf(at(dig(answer), 'fans'))?.map((row, position) => ({
    slot: slotAt(row, 'position') ?? position,
    rpm: toRpm(at(row, 'rpm')),
  })) ?? null
