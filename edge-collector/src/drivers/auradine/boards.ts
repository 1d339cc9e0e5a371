import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { at, countAt, flagAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { maxOf, meanOf, toNumber } from '../../values/number.js'
import { toCelsius } from '../../values/temperature.js'
import { cleanText } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'
import { listOf, objectsOf } from '../web/dig.js'

/** Where the boards are described; each with an `ID` from 1, as 0 is the control board. */
export interface BoardAnswers {
  devs: JsonObject | null
  count: JsonObject | null
  report: JsonObject | null
  temperature: JsonObject | null
  voltage: JsonObject | null
  frequency: JsonObject | null
}

const MOST_CHIPS = 2000

export const toBoards = (answers: BoardAnswers): Hashboard[] | null => {
  const chips = chipsPerBoard(answers.count)
  const serials = listOf(at(rowOf(answers.report, 'IPReport'), 'HBSerialNo')) ?? []
  return (
    rowsOf(answers.devs, 'DEVS')?.map((row, position) => {
      const id = slotAt(row, 'ID') ?? position + 1
      const slot = Math.max(0, id - 1)
      return {
        ...toBoard(row, slot, chips),
        ...toSensors(answers, id),
        serial_number: cleanText(serials[slot]),
      }
    }) ?? null
  )
}

/** All chips by all boards: nothing counts them apart. */
const chipsPerBoard = (count: JsonObject | null): number | null => {
  const row = rowOf(count, 'ASCCount')
  const chips = countAt(row, 'AsicCount')
  const boards = countAt(row, 'BoardCount')
  return chips === null || boards === null || boards === 0 ? null : Math.floor(chips / boards)
}

/** A board that is on works with all its chips, as far as this firmware says. */
const toBoard = (row: JsonObject, slot: number, chips: number | null): Hashboard => {
  const isOn = flagAt(row, 'Enabled')
  const isAlive = toAlive(textAt(row, 'Status'))
  return {
    ...emptyBoard(slot),
    slot_label: textAt(row, 'ID'),
    active: isOn === null ? null : isOn && isAlive !== false,
    hashrate_ths: mhsToThs(at(row, 'MHS 5s')),
    chips_expected: chips,
    chips_working: isOn === false ? 0 : isOn === null ? null : chips,
    temp_board_c: toCelsius(at(row, 'Temperature')),
  }
}

const toSensors = ({ temperature, voltage, frequency }: BoardAnswers, id: number) => {
  const sensors = readingsOf(boardOf(temperature, 'Temperature', id), 'BoardTemp', 'Temperature')
  const chips = readingsOf(boardOf(temperature, 'Temperature', id), 'ChipTemp', 'Temperature')
  const volts = readingsOf(boardOf(voltage, 'Voltage', id), 'ChipVoltage', 'Voltage')
  const clocks = readingsOf(boardOf(frequency, 'Frequency', id), 'ChipFrequency', 'Frequency')
  const celsius = sensors.map(toCelsius)
  return {
    temp_inlet_c: minOf(celsius),
    temp_outlet_c: maxOf(celsius),
    temp_chip_max_c: maxOf(chips.map(toCelsius)),
    temp_chip_c: meanOf(chips.map(toCelsius)),
    voltage_v: rounded(meanOf(volts.map(toNumber).filter(isPositive))),
    frequency_mhz: meanOf(clocks.map(toNumber).filter(isPositive)),
  } satisfies Partial<Hashboard>
}

const boardOf = (answer: JsonObject | null, key: string, id: number): JsonObject | null =>
  rowsOf(answer, key)?.find((row) => slotAt(row, 'ID') === id) ?? null

const readingsOf = (board: JsonObject | null, list: string, key: string) =>
  objectsOf(at(board, list), MOST_CHIPS)?.map((row) => at(row, key)) ?? []

const isPositive = (value: number | null) => value !== null && value > 0

const minOf = (values: (number | null)[]) => {
  const lowest = maxOf(values.map((value) => (value === null ? null : -value)))
  return lowest === null ? null : -lowest
}

/** The mean of chip voltages to a tenth of a millivolt, which is more than a sensor resolves. */
const rounded = (volts: number | null) => (volts === null ? null : Math.round(volts * 1e4) / 1e4)
