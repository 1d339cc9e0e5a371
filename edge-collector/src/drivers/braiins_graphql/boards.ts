import { emptyBoard, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotsOf } from '../web/board_slots.js'
import { dig, objectsOf, rateAt } from '../web/dig.js'

/** bosminer.info.workSolver.childSolvers */
export const toBoards = (data: JsonObject | null): Hashboard[] | null => {
  const solvers = objectsOf(at(dig(data, 'bosminer', 'info', 'workSolver'), 'childSolvers'))
  const slots = slotsOf(solvers?.map((solver) => textAt(solver, 'name')) ?? [])
  return solvers?.map((solver, position) => toBoard(solver, slots[position] ?? position)) ?? null
}

const toBoard = (solver: JsonObject, slot: number): Hashboard => {
  const details = dig(solver, 'hwDetails')
  const ths = toMhs(dig(solver, 'realHashrate'), 'mhs5S')
  const temperature = temperaturesOf(solver)
  return {
    ...emptyBoard(slot),
    slot_label: textAt(solver, 'name'),
    active: ths === null ? null : ths > 0,
    hashrate_ths: ths,
    expected_hashrate_ths: toMhs(solver, 'nominalMhs'),
    chips_working: countAt(details, 'chips'),
    temp_board_c: temperature(/board/i),
    temp_chip_max_c: temperature(/chip/i),
    temp_inlet_c: temperature(/inlet/i),
    temp_outlet_c: temperature(/outlet/i),
    frequency_mhz: amountAt(details, 'frequencyMhz'),
    voltage_v: amountAt(details, 'voltageV'),
    serial_number: textAt(details, 'hbSerialNumber'),
  }
}

/** MH/s as TH/s. */
export const toMhs = (object: JsonObject | null, key: string): number | null =>
  rateAt(object, 'MH/s', [key])

/** Three vocabularies so far: "Board", "Max Board", "MAX_BOARD". */
const temperaturesOf = (solver: JsonObject) => {
  const rows = objectsOf(at(solver, 'temperatures')) ?? []
  return (name: RegExp): number | null => {
    const row = rows.find((candidate) => name.test(textAt(candidate, 'name') ?? ''))
    return row ? toCelsius(at(row, 'degreesC')) : null
  }
}
