import { checkPositive, checkWithin } from '#core/maths/check'

/** The worst PUE that still reads as one: 3 means two thirds of the power never reach a miner. */
export const MAX_PUE = 3

export interface SiteFleet {
  /** Whole miners that fit; 0 when not even one does. */
  count: number
  /** Energy on top of the miners' own, in percent of it: PUE 1.05 is 5 %. */
  overheadPct: number
  /** Power at the meter that stays unused because only whole miners fit. */
  spareW: number
}

/**
 * How many miners a site can power: floor(site power ÷ (PUE × power of one)). PUE is the power at
 * the meter over the power at the miners (Green Grid), 1 or more. Throws CalculationError.
 */
export function siteFleet(siteMw: number, pue: number, minerPowerW: number): SiteFleet {
  checkPositive(siteMw, 'siteMw')
  checkWithin(pue, 'pue', [1, MAX_PUE])
  checkPositive(minerPowerW, 'powerW')
  const siteW = siteMw * 1e6
  // A quotient such as 9.999999999 is ten miners: doubles of decimal megawatts are not exact.
  const count = Math.floor((siteW / (pue * minerPowerW)) * (1 + 1e-12))
  return { count, overheadPct: (pue - 1) * 100, spareW: siteW - count * pue * minerPowerW }
}
