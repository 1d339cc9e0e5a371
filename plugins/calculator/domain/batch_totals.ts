import type { BookedDay } from './booked_day.js'

/** Sums of booked lines: whole satoshis and cents, so that the order of the rows does not matter. */
export interface BatchTotals extends BookedDay {
  miners: bigint
}

export const NO_TOTALS: BatchTotals = Object.freeze({
  miners: 0n,
  sats: 0n,
  revenueCents: 0n,
  electricityCents: 0n,
  fixedCents: 0n,
  profitCents: 0n,
})

/** The totals with one more row in them. */
export function addRow(totals: BatchTotals, booked: BookedDay, count: number): BatchTotals {
  return {
    miners: totals.miners + BigInt(count),
    sats: totals.sats + booked.sats,
    revenueCents: totals.revenueCents + booked.revenueCents,
    electricityCents: totals.electricityCents + booked.electricityCents,
    fixedCents: totals.fixedCents + booked.fixedCents,
    profitCents: totals.profitCents + booked.profitCents,
  }
}
