import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, rowsOf, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'

/** "No ASCs": the list is empty, and that is an answer. */
const NO_DEVICES = 10

/** The devices of `devs`. */
export const toBoards = (answer: JsonObject | null): Hashboard[] | null => {
  const rows = rowsOf(answer, 'DEVS')
  if (rows) return rows.slice(0, 64).map(toBoard)
  return countAt(rowsOf(answer, 'STATUS')?.[0] ?? null, 'Code') === NO_DEVICES ? [] : null
}

const toBoard = (row: JsonObject, position: number): Hashboard => ({
  ...emptyBoard(slotAt(row, 'ASC', 'PGA', 'ID') ?? position),
  slot_label: textAt(row, 'Name'),
  active: toAlive(textAt(row, 'Status')),
  hashrate_ths: mhsToThs(at(row, 'MHS 5s')),
  hashrate_avg_ths: mhsToThs(at(row, 'MHS av')),
  temp_board_c: toCelsius(at(row, 'Temperature')),
  frequency_mhz: amountAt(row, 'Frequency'),
  hw_errors: countAt(row, 'Hardware Errors'),
})
