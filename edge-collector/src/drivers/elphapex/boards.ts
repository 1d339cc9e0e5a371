import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, rowsOf, textAt } from '../../values/json.js'
import { maxOf, meanOf, toNumber } from '../../values/number.js'
import { toCelsius } from '../../values/temperature.js'
import { toThs } from '../../values/units.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { listOf } from '../web/dig.js'

const KHZ_PER_MHZ = 1000
const PER_DEGREE = 1000

/** `chain` of stats.cgi; hashrates in `unit`. */
export const toBoards = (stats: JsonObject | null, unit: string): Hashboard[] | null =>
  rowsOf(stats, 'chain')?.map((row, position) => toBoard(row, position, unit)) ?? null

const toBoard = (row: JsonObject, position: number, unit: string): Hashboard => {
  const ths = toThs(at(row, 'rate_real'), unit)
  const chips = listOf(at(row, 'temp_chip'))?.map(fromMilli) ?? []
  const clock = amountAt(row, 'freq_avg')
  return {
    ...emptyBoard(slotAt(row, 'index') ?? position),
    slot_label: textAt(row, 'index'),
    present: countAt(row, 'asic_num') !== 0,
    active: ths === null ? null : ths > 0,
    hashrate_ths: ths,
    hashrate_avg_ths: toThs(at(row, 'rate_15m'), unit),
    expected_hashrate_ths: toThs(at(row, 'rate_ideal'), unit),
    chips_working: countAt(row, 'asic_num'),
    temp_board_c: meanOf(listOf(at(row, 'temp_pcb'))?.map(toCelsius) ?? []),
    temp_chip_c: meanOf(chips),
    temp_chip_max_c: maxOf(chips),
    frequency_mhz: clock === null ? null : clock / KHZ_PER_MHZ,
    serial_number: textAt(row, 'sn'),
    hw_errors: countAt(row, 'hw'),
  }
}

/** Chip temperatures come in thousandths of a degree, and as text. */
const fromMilli = (value: Json): number | null => {
  const milli = toNumber(value)
  return milli === null ? null : toCelsius(milli / PER_DEGREE)
}
