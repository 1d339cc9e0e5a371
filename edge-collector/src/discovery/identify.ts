import type { Claim, Driver, Probe } from '../drivers/contract.js'

/**
 * Who claims an address, the best claim first. A claim that is not certain counts only after
 * `confirm`; when that says no, the next one is tried. Empty: this is no miner that we know.
 */
export const identify = (probe: Probe, drivers: readonly Driver[]): Claim[] =>
  drivers.flatMap((driver) => driver.claim(probe)).toSorted((a, b) => b.score - a.score)
