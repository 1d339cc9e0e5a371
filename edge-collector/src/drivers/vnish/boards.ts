import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotsOf } from '../web/board_slots.js'
import { dig, objectsOf, rateAt } from '../web/dig.js'

const MV_PER_V = 1000

/** `chains` of the summary, with serial numbers of chains/factory-info; `unit` of hashrates. */
export const toBoards = (
  summary: Json | null,
  factory: Json | null,
  unit: string
): Hashboard[] | null => {
  const rows = objectsOf(at(dig(summary, 'miner'), 'chains'))
  const slots = slotsOf(rows?.map((row) => textAt(row, 'id')) ?? [])
  const made = objectsOf(at(dig(factory), 'chains')) ?? []
  return (
    rows?.map((row, position) => ({
      ...toBoard(row, slots[position] ?? position, unit),
      serial_number: textAt(
        made.find((chain) => textAt(chain, 'id') === textAt(row, 'id')) ?? null,
        'serial'
      ),
    })) ?? null
  )
}

const toBoard = (row: JsonObject, slot: number, unit: string): Hashboard => {
  const state = textAt(dig(row, 'status'), 'state')
  const millivolts = amountAt(row, 'voltage')
  return {
    ...emptyBoard(slot),
    slot_label: textAt(row, 'id'),
    active: state === null ? null : state === 'mining',
    hashrate_ths: rateAt(row, unit, ['hashrate_rt', 'hr_realtime']),
    expected_hashrate_ths: rateAt(row, unit, ['hashrate_ideal', 'hr_nominal']),
    temp_board_c: toCelsius(at(dig(row, 'pcb_temp'), 'max')),
    temp_chip_min_c: toCelsius(at(dig(row, 'chip_temp'), 'min')),
    temp_chip_max_c: toCelsius(at(dig(row, 'chip_temp'), 'max')),
    temp_inlet_c: toCelsius(at(row, 'inlet_water_temp')),
    temp_outlet_c: toCelsius(at(row, 'outlet_water_temp')),
    frequency_mhz: amountAt(row, 'frequency', 'freq'),
    voltage_v: millivolts === null ? null : millivolts / MV_PER_V,
    hw_errors: countAt(row, 'hw_errors'),
  }
}
