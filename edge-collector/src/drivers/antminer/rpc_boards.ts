import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toSensors } from '../../values/temperature.js'
import { toThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'

/** Chains are numbered from 1, 6 or 11, with gaps; no Antminer has more. */
const CHAIN = /^chain_acn(\d{1,2})$/
const FAN = /^fan(\d{1,2})$/

/** The numbers that a firmware gives to its chains or fans, ascending. */
const numbersOf = (stats: JsonObject, pattern: RegExp): number[] =>
  Object.keys(stats)
    .flatMap((key) => pattern.exec(key)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)

/** Where the numbering of the chains begins, depending on the model. */
const FIRST_CHAINS = [11, 6, 1]
/** Within so few chains one without chips is a lost board, beyond them a gap in the numbering. */
const MOST_NEIGHBOURS = 4

/**
 * The boards of the second object of `stats`. Chains without chips and without a rate before the
 * first and after the last board are places that this model does not have.
 */
export const toRpcBoards = (stats: JsonObject | null): Hashboard[] | null => {
  if (!stats) return null
  const chains = numbersOf(stats, CHAIN)
  const fitted = chains.filter((chain) => !isVacant(stats, chain))
  const [first = 0, last = 0] = [fitted.at(0), fitted.at(-1)]
  const offset = FIRST_CHAINS.find((chain) => chain <= first) ?? 0
  const isLost = (chain: number) =>
    chain > first && chain < last && last - first < MOST_NEIGHBOURS && !fitted.includes(chain)
  return chains
    .filter((chain) => fitted.includes(chain) || isLost(chain))
    .map((chain) => ({ ...toBoard(stats, chain, chain - offset), present: !isLost(chain) }))
}

const isVacant = (stats: JsonObject, chain: number) =>
  (countAt(stats, `chain_acn${chain}`) ?? 0) === 0 &&
  (amountAt(stats, `chain_rate${chain}`) ?? 0) === 0

const toBoard = (stats: JsonObject, chain: number, slot: number): Hashboard => {
  const unit = textAt(stats, 'rate_unit') ?? 'GH'
  const chips = toSensors(at(stats, `temp_chip${chain}`) ?? at(stats, `temp2_${chain}`))
  const rate = toThs(at(stats, `chain_rate${chain}`), unit)
  return {
    ...emptyBoard(slot),
    slot_label: String(chain),
    active: rate === null ? null : rate > 0,
    hashrate_ths: rate,
    expected_hashrate_ths: toThs(at(stats, `chain_rateideal${chain}`), unit),
    chips_working: countAt(stats, `chain_acn${chain}`),
    temp_board_c: toSensors(at(stats, `temp_pcb${chain}`) ?? at(stats, `temp${chain}`)).avg,
    temp_chip_c: chips.avg,
    temp_chip_max_c: chips.max,
    frequency_mhz: amountAt(stats, `freq_avg${chain}`, `freq${chain}`),
    hw_errors: countAt(stats, `chain_hw${chain}`),
  }
}

/**
 * Fans by their number. Old firmware lists eight places, of which those that are fitted turn: more
 * places than `fan_num` means that the ones at zero are empty.
 */
export const toRpcFans = (stats: JsonObject | null): Fan[] | null => {
  if (!stats) return null
  const fans = numbersOf(stats, FAN).map((fan) => amountAt(stats, `fan${fan}`))
  const fitted = countAt(stats, 'fan_num')
  const isPadded = fitted !== null && fans.length > fitted
  return fans.filter((rpm) => !isPadded || rpm !== 0).map((rpm, slot) => ({ slot, rpm }))
}
