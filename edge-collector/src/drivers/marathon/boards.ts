import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toSensors } from '../../values/temperature.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { dig, ghsAt, objectsOf } from '../web/dig.js'

/** `hashboards` has the temperatures, `details` the clocks; both count from 0. */
export const toBoards = (boards: Json | null, details: Json | null): Hashboard[] | null => {
  const rows = objectsOf(at(dig(boards), 'hashboards'))
  const infos = objectsOf(at(dig(details), 'hashboard_infos'))
  return (
    (rows ?? infos)?.map((row, position) => {
      const slot = slotAt(row, 'index') ?? position
      const info = infos?.find((candidate) => slotAt(candidate, 'index') === slot) ?? null
      return toBoard(slot, row, info)
    }) ?? null
  )
}

const toBoard = (slot: number, row: JsonObject, info: JsonObject | null): Hashboard => {
  const ths = ghsAt(info, 'hashrate_avg') ?? ghsAt(row, 'hashrate_average', 'hashrate_avg')
  const chips = toSensors(at(row, 'temperature_chip') ?? at(row, 'temperature_raw'))
  return {
    ...emptyBoard(slot),
    slot_label: textAt(row, 'index'),
    active: ths === null ? null : ths > 0,
    hashrate_ths: ths,
    expected_hashrate_ths: ghsAt(info, 'hashrate_ideal') ?? ghsAt(row, 'hashrate_ideal'),
    chips_working: countAt(row, 'asic_num') ?? countAt(info, 'asic_num'),
    temp_board_c: toSensors(at(row, 'temperature_pcb')).avg,
    temp_chip_c: chips.avg,
    temp_chip_max_c: chips.max,
    frequency_mhz: amountAt(info, 'frequency_avg'),
    voltage_v: amountAt(info, 'voltage'),
    serial_number: textAt(row, 'serial_number') ?? textAt(info, 'serial_number'),
  }
}
