import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { amountAt, at, countAt } from '../../values/json.js'
import { toSensors } from '../../values/temperature.js'
import { cleanText } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { toRpm } from '../web/dig.js'

const MOST_CHAINS = 16
const MOST_FANS = 8

/**
 * `chain_acn1`, `chain_rate1`, `temp1` and so on. The firmware has more names than there are slots:
 * what lies beyond `miner_count` and says nothing is no slot.
 */
export const toBoards = (stats: JsonObject | null): Hashboard[] | null => {
  if (stats === null) return null
  const slots = countAt(stats, 'miner_count') ?? 0
  const chains = Array.from({ length: MOST_CHAINS }, (_, index) => index + 1)
  return chains
    .filter((chain) => at(stats, `chain_acn${chain}`) !== undefined)
    .filter((chain) => chain <= slots || hasChips(stats, chain))
    .map((chain) => toBoard(stats, chain))
}

const hasChips = (stats: JsonObject, chain: number) =>
  (countAt(stats, `chain_acn${chain}`) ?? 0) > 0 ||
  cleanText(at(stats, `chain_acs${chain}`)) !== null

const toBoard = (stats: JsonObject, chain: number): Hashboard => {
  const ths = mhsToThs(at(stats, `chain_rate${chain}`))
  const chips = countAt(stats, `chain_acn${chain}`)
  return {
    ...emptyBoard(chain - 1),
    slot_label: String(chain),
    present: chips !== 0,
    active: ths === null ? (chips === 0 ? false : null) : ths > 0,
    hashrate_ths: ths,
    chips_working: chips,
    temp_board_c: toSensors(at(stats, `temp${chain}`)).avg,
    frequency_mhz: amountAt(stats, 'frequency'),
    hw_errors: countAt(stats, `chain_hw${chain}`),
  }
}

/** `fan1` and so on, as many as `fan_num` says. */
export const toFans = (stats: JsonObject | null): Fan[] | null => {
  if (stats === null) return null
  const count = Math.min(countAt(stats, 'fan_num') ?? MOST_FANS, MOST_FANS)
  return Array.from({ length: count }, (_, slot) => slot)
    .filter((slot) => at(stats, `fan${slot + 1}`) !== undefined)
    .map((slot) => ({ slot, rpm: toRpm(at(stats, `fan${slot + 1}`)) }))
}
