import { emptyBoard, type Fan, type Hashboard } from '../../../protocol/record.js'
import { maxOf, meanOf } from '../../values/number.js'
import { toCelsius } from '../../values/temperature.js'
import { ghsToThs } from '../../values/units.js'
import { blockList, blockNumber, type Blocks } from './blocks.js'

const MOST_BOARDS = 16
const MOST_FANS = 16

/** One entry for each board: the averages (MGHS) name as many as there are. */
export const toBoards = (blocks: Blocks, isMining: boolean | null): Hashboard[] | null => {
  const averages = blockList(blocks, 'MGHS')
  const count = Math.min(averages?.length ?? countOf(blocks, 'PVT_T'), MOST_BOARDS)
  if (averages === null && count === 0) return null
  return Array.from({ length: count }, (_, slot) => toBoard(blocks, slot, isMining))
}

const countOf = (blocks: Blocks, name: string): number => {
  let count = 0
  while (blocks.has(`${name}${count}`) && count < MOST_BOARDS) count++
  return count
}

const toBoard = (blocks: Blocks, slot: number, isMining: boolean | null): Hashboard => {
  const average = ghsToThs(at(blocks, 'MGHS', slot))
  const chips = blockList(blocks, `PVT_T${slot}`)
  return {
    ...emptyBoard(slot),
    slot_label: String(slot),
    active: isMining === true && average !== null ? average > 0 : isMining,
    hashrate_avg_ths: average,
    // A chip that does not answer is listed with the temperature of a missing sensor.
    chips_working: chips?.filter((chip) => toCelsius(chip) !== null).length ?? null,
    temp_chip_c: toCelsius(at(blocks, 'MTavg', slot)),
    temp_chip_max_c: toCelsius(at(blocks, 'MTmax', slot)) ?? maxOf((chips ?? []).map(toCelsius)),
    temp_inlet_c: toCelsius(at(blocks, 'HBITemp', slot)),
    temp_outlet_c: toCelsius(at(blocks, 'HBOTemp', slot)),
    // The chips run in groups at these frequencies.
    frequency_mhz: meanOf(blockList(blocks, `SF${slot}`) ?? []),
  }
}

const at = (blocks: Blocks, name: string, slot: number): number | null =>
  blockList(blocks, name)?.[slot] ?? null

/** `Fan1`, `Fan2` and on; standing still is 0. */
export const toFans = (blocks: Blocks): Fan[] => {
  const fans: Fan[] = []
  while (fans.length < MOST_FANS && blocks.has(`Fan${fans.length + 1}`)) {
    const rpm = blockNumber(blocks, `Fan${fans.length + 1}`)
    fans.push({ slot: fans.length, rpm: rpm === null || rpm < 0 ? null : rpm })
  }
  return fans
}
