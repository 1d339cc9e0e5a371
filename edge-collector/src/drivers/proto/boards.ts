import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { toThs } from '../../values/units.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { dig, objectsOf } from '../web/dig.js'

/** Boards as `hardware` lists them, by slot from 1; `telemetry` knows them by serial number. */
export const toBoards = (hardware: Json | null, telemetry: Json | null): Hashboard[] | null => {
  const measured = objectsOf(at(dig(telemetry), 'hashboards')) ?? []
  return (
    objectsOf(at(dig(hardware, 'hardware-info'), 'hashboards-info'))?.map((row, position) => {
      const slot = Math.max(0, (slotAt(row, 'slot') ?? position + 1) - 1)
      const serial = textAt(row, 'hb_sn')
      const bySerial = measured.find(
        (m) => serial !== null && textAt(m, 'serial_number') === serial
      )
      const reading = bySerial ?? measured.find((m) => slotAt(m, 'index') === slot) ?? null
      return {
        ...emptyBoard(slot),
        slot_label: textAt(row, 'slot'),
        serial_number: serial,
        chips_working: countAt(row, 'mining_asic_count'),
        ...toMeasured(reading),
      }
    }) ?? null
  )
}

const toMeasured = (reading: JsonObject | null): Partial<Hashboard> => {
  const ths = rateOf(dig(reading, 'hashrate'))
  const celsius = (key: string) => toCelsius(at(dig(reading, 'temperature'), key))
  return {
    active: ths === null ? null : ths > 0,
    hashrate_ths: ths,
    temp_board_c: celsius('average'),
    temp_inlet_c: celsius('inlet'),
    temp_outlet_c: celsius('outlet'),
    voltage_v: amountAt(dig(reading, 'voltage'), 'value'),
  }
}

/** A value with its unit beside it. */
export const rateOf = (rate: JsonObject | null): number | null =>
  toThs(at(rate, 'value'), textAt(rate, 'unit') ?? 'TH/s')
