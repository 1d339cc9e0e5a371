import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { amountAt, asList, at, countAt, rowsOf, textAt } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import { toSensors } from '../../values/temperature.js'
import { toThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'

const MOST_FANS = 32

/** `chain` of stats.cgi, and of `stats` where the firmware has the newer API there too. */
export const toWebBoards = (stats: JsonObject | null): Hashboard[] | null =>
  rowsOf(stats, 'chain')?.map((row, slot) => toBoard(row, slot, textAt(stats, 'rate_unit'))) ?? null

const toBoard = (row: JsonObject, position: number, rateUnit: string | null): Hashboard => {
  const unit = rateUnit ?? 'GH'
  const chips = toSensors(at(row, 'temp_chip'))
  const rate = toThs(at(row, 'rate_real'), unit)
  const slot = slotAt(row, 'index') ?? position
  return {
    ...emptyBoard(slot),
    slot_label: textAt(row, 'index'),
    present: countAt(row, 'asic_num') !== 0,
    active: rate === null ? null : rate > 0,
    hashrate_ths: rate,
    expected_hashrate_ths: toThs(at(row, 'rate_ideal'), unit),
    chips_working: countAt(row, 'asic_num'),
    temp_board_c: toSensors(at(row, 'temp_pcb')).avg,
    temp_chip_c: chips.avg,
    temp_chip_max_c: chips.max,
    frequency_mhz: amountAt(row, 'freq_avg'),
    serial_number: textAt(row, 'sn'),
    hw_errors: countAt(row, 'hw'),
  }
}

/** Hydro machines have none. */
export const toWebFans = (stats: JsonObject | null): Fan[] | null =>
  asList(at(stats, 'fan'))
    ?.slice(0, MOST_FANS)
    .map((value, slot) => {
      const rpm = toNumber(value)
      return { slot, rpm: rpm === null || rpm < 0 ? null : rpm }
    }) ?? null
