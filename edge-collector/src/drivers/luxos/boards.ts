import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import {
  amountAt,
  at,
  countAt,
  flagAt,
  numberAt,
  rowOf,
  rowsOf,
  textAt,
} from '../../values/json.js'
import { meanOf } from '../../values/number.js'
import { toCelsius, toSensors } from '../../values/temperature.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'

/** The answers that speak of boards. */
export interface BoardAnswers {
  devs: JsonObject | null
  temps: JsonObject | null
  stats: JsonObject | null
  /** `voltageget`, by the board's ID. */
  voltages: ReadonlyMap<number, JsonObject | null>
}

/** IDs of the boards in `devs`, ascending: that list is in no order. */
export const boardIds = (devs: JsonObject | null): number[] =>
  (rowsOf(devs, 'DEVS') ?? [])
    .flatMap((row) => slotAt(row, 'ID', 'ASC') ?? [])
    .toSorted((a, b) => a - b)

/** One entry for each board of `devs`; everything is matched by ID, never by position. */
export const toBoards = (answers: BoardAnswers): Hashboard[] | null => {
  const rows = rowsOf(answers.devs, 'DEVS')
  if (!rows) return null
  return rows
    .map((row, position) => toBoard(row, slotAt(row, 'ID', 'ASC') ?? position, answers))
    .toSorted((a, b) => a.slot - b.slot)
}

const toBoard = (row: JsonObject, id: number, answers: BoardAnswers): Hashboard => {
  // `stats` counts chains from 1.
  const chains = rowsOf(answers.stats, 'STATS')?.[1] ?? null
  const chain = id + 1
  return {
    ...emptyBoard(id),
    slot_label: textAt(row, 'Connector'),
    active: toActive(row),
    hashrate_ths: mhsToThs(at(row, 'MHS 5s')),
    hashrate_avg_ths: mhsToThs(at(row, 'MHS 15m')),
    expected_hashrate_ths: mhsToThs(at(row, 'Nominal MHS')),
    chips_working: countAt(chains, `chain_acn${chain}`),
    ...toTemperatures(answers.temps, id),
    temp_chip_max_c: toSensors(at(chains, `temp_chip${chain}`)).max,
    frequency_mhz: amountAt(chains, `freq${chain}`),
    voltage_v: amountAt(rowOf(answers.voltages.get(id) ?? null, 'VOLTAGE'), 'Voltage'),
    serial_number: textAt(row, 'SerialNumber'),
    hw_errors: countAt(row, 'Hardware Errors'),
  }
}

const toActive = (row: JsonObject): boolean | null =>
  flagAt(row, 'IsUserShutdown') === true ? false : toAlive(textAt(row, 'Status'))

/** The labels of the sensors say which of them sits at the intake. */
const toTemperatures = (temps: JsonObject | null, id: number) => {
  const row = rowsOf(temps, 'TEMPS')?.find((entry) => numberAt(entry, 'ID', 'TEMP') === id) ?? null
  const labels = rowOf(temps, 'METADATA')
  const sensors = Object.keys(labels ?? {}).map((name) => ({
    label: textAt(rowOf(labels, name), 'Label') ?? '',
    celsius: toCelsius(at(row, name)),
  }))
  const mean = (mark: RegExp) =>
    meanOf(sensors.filter(({ label }) => mark.test(label)).map(({ celsius }) => celsius))
  return { temp_board_c: mean(/./), temp_inlet_c: mean(/intake/i), temp_outlet_c: mean(/exhaust/i) }
}
