import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, asList, at, flagAt } from '../../values/json.js'
import { maxOf, toNumber } from '../../values/number.js'
import { toCelsius } from '../../values/temperature.js'
import { cleanText } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { listOf, objectsOf } from '../web/dig.js'

/** What the miner says about its boards, each list with an `Index`. */
export interface BoardAnswers {
  summary: JsonObject | null
  /** temps: inlet and outlet sensor of each board, also of those that are off. */
  temps: Json | null
  /** hashrate: a row for each chip. */
  rates: Json | null
  capabilities: JsonObject | null
}

const MOST_CHIPS = 2000

/**
 * HBStatus lists the boards, HBs only those that run. Serial numbers come as a list without index,
 * in the order of the boards that are on: a guess, but everybody's.
 */
export const toBoards = (answers: BoardAnswers): Hashboard[] | null => {
  const rows = objectsOf(at(answers.summary, 'HBStatus'))
  const enabled = rows?.filter((row) => flagAt(row, 'Enabled')) ?? []
  const serials = asList(at(answers.capabilities, 'Board Serial Numbers')) ?? []
  return (
    rows?.map((row, position) => {
      const slot = slotAt(row, 'Index') ?? position
      const order = enabled.indexOf(row)
      return {
        ...emptyBoard(slot),
        slot_label: String(slot),
        present: flagAt(row, 'Detected') !== false,
        active: flagAt(row, 'Enabled'),
        ...toRunning(rowOf(at(answers.summary, 'HBs'), slot)),
        ...toTemperatures(answers, slot),
        chips_working: chipsOf(answers.rates, slot),
        serial_number: order === -1 ? null : cleanText(serials[order]),
      }
    }) ?? null
  )
}

const rowOf = (list: Json | null | undefined, slot: number): JsonObject | null =>
  objectsOf(list)?.find((row) => slotAt(row, 'Index') === slot) ?? null

/** Hashrate is a triple: MH/s, per cent of what the board should do, per cent of errors. */
const toRunning = (row: JsonObject | null): Partial<Hashboard> => {
  const [rate, percent] = asList(at(row, 'Hashrate')) ?? []
  const ths = mhsToThs(rate)
  const share = toNumber(percent)
  return {
    hashrate_ths: ths,
    expected_hashrate_ths:
      ths === null || share === null || share <= 0 ? null : (ths / share) * 100,
    frequency_mhz: amountAt(row, 'Core Clock Avg'),
    voltage_v: amountAt(row, 'Input Voltage'),
  }
}

const toTemperatures = ({ summary, temps }: BoardAnswers, slot: number): Partial<Hashboard> => {
  const sensors = listOf(at(rowOf(temps, slot), 'Data'))?.map(toCelsius) ?? []
  const board = toCelsius(at(rowOf(at(summary, 'HBs'), slot), 'Temperature'))
  const isPair = sensors.length === 2
  return {
    temp_board_c: board ?? maxOf(sensors),
    temp_inlet_c: isPair ? sensors[0]! : null,
    temp_outlet_c: isPair ? sensors[1]! : null,
  }
}

/** Chips that hash; a board that is not in the answer has none that do. */
const chipsOf = (rates: Json | null, slot: number): number | null => {
  if (objectsOf(rates) === null) return null
  const chips = listOf(at(rowOf(rates, slot), 'Data'), MOST_CHIPS) ?? []
  return chips.filter((chip) => (toNumber(listOf(chip)?.[0]) ?? 0) > 0).length
}
