import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, rowsOf, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { ghsToThs, mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'

const MOST_BOARDS = 64

/** The boards of `devs`. Its five seconds are noise, so the minute stands for "now". */
export const toBoards = (answer: JsonObject | null): Hashboard[] | null =>
  rowsOf(answer, 'DEVS')?.slice(0, MOST_BOARDS).map(toBoard) ?? null

const toBoard = (row: JsonObject, position: number): Hashboard => {
  const average = mhsToThs(at(row, 'MHS av'))
  return {
    ...emptyBoard(slotAt(row, 'Slot', 'ASC', 'ID') ?? position),
    slot_label: textAt(row, 'Slot'),
    active: toAlive(textAt(row, 'Status')),
    hashrate_ths: mhsToThs(at(row, 'MHS 1m')) ?? average,
    hashrate_avg_ths: average,
    expected_hashrate_ths: ghsToThs(at(row, 'Factory GHS')),
    chips_working: countAt(row, 'Effective Chips'),
    temp_board_c: toCelsius(at(row, 'Temperature')),
    temp_chip_c: toCelsius(at(row, 'Chip Temp Avg')),
    temp_chip_min_c: toCelsius(at(row, 'Chip Temp Min')),
    temp_chip_max_c: toCelsius(at(row, 'Chip Temp Max')),
    frequency_mhz: amountAt(row, 'Chip Frequency', 'Frequency'),
    serial_number: textAt(row, 'PCB SN'),
    hw_errors: countAt(row, 'Hardware Errors'),
  }
}

/** The fans of one object under these keys; a key that is not there is no fan. */
export const toFans = (object: JsonObject | null, ...keys: string[]): Fan[] =>
  keys
    .filter((key) => at(object, key) !== undefined)
    .map((key, slot) => ({ slot, rpm: amountAt(object, key) }))
