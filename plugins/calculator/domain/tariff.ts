import { CalculationError } from '#core/maths/calculation_error'
import { checkFinite, checkNonNegative, checkPositive } from '#core/maths/check'

/** A step of a tariff: its price holds up to a use of `upToKwh` in the month; null is open. */
export interface TariffBlock {
  upToKwh: number | null
  /** May be negative, as wholesale prices sometimes are. */
  usdPerKwh: number
}

/** What energy costs. Blocks count anew in every month of 30 days. */
export interface Tariff {
  blocks: readonly TariffBlock[]
  /** For the power itself, per kW and month of 30 days; 0 where there is no such charge. */
  demandUsdPerKwMonth: number
}

/** A tariff of one price. */
export const flatTariff = (usdPerKwh: number): Tariff => ({
  blocks: [{ upToKwh: null, usdPerKwh }],
  demandUsdPerKwMonth: 0,
})

/** Nothing is known and nothing charged: energy that a host pays and does not pass on. */
export const NO_TARIFF: Tariff = Object.freeze({ blocks: [], demandUsdPerKwMonth: 0 })

/** Limits ascend, and only the last block is open. Throws CalculationError. */
export function checkTariff({ blocks, demandUsdPerKwMonth }: Tariff): void {
  checkNonNegative(demandUsdPerKwMonth, 'demandUsdPerKwMonth')
  const field = blocks.length === 1 ? 'usdPerKwh' : 'tariffBlocks'
  if (blocks.at(-1)?.upToKwh !== null) {
    throw new CalculationError('tariffBlocks', 'must end with an open block')
  }
  let limit = 0
  for (const { upToKwh, usdPerKwh } of blocks) {
    checkFinite(usdPerKwh, field)
    if (upToKwh === null) continue
    checkPositive(upToKwh - limit, 'tariffBlocks')
    limit = upToKwh
  }
  if (blocks.filter(({ upToKwh }) => upToKwh === null).length > 1) {
    throw new CalculationError('tariffBlocks', 'must hold one open block, the last')
  }
}

/**
 * What the next `kwh` cost in a month that has used `usedKwh` already: each part at the price of
 * the block it falls into. Days that add up to a month therefore cost what the month costs, and a
 * single block is exactly kwh times price. US dollars, unrounded, unchecked.
 */
export function energyUsd(blocks: readonly TariffBlock[], usedKwh: number, kwh: number): number {
  let usd = 0
  let used = usedKwh
  let left = kwh
  for (const { upToKwh, usdPerKwh } of blocks) {
    const room = (upToKwh ?? Infinity) - used
    if (room <= 0) continue
    const part = Math.min(left, room)
    usd += part * usdPerKwh
    used += part
    left -= part
    if (left <= 0) break
  }
  return usd
}

/** What a kWh costs in the mean of a month of such a use; the first price for no use at all. */
export function meanUsdPerKwh(blocks: readonly TariffBlock[], kwhPerMonth: number): number {
  return kwhPerMonth > 0
    ? energyUsd(blocks, 0, kwhPerMonth) / kwhPerMonth
    : (blocks[0]?.usdPerKwh ?? Number.NaN)
}
