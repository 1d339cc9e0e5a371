import { centsFromUsd, wholeSats } from '#core/money'
import type { ProfitResult } from './profit.js'

/** One day of mining in whole units, as it would stand in a book. */
export interface BookedDay {
  sats: bigint
  revenueCents: bigint
  electricityCents: bigint
  fixedCents: bigint
  /** Revenue less the costs: the sum of the rounded lines, never rounded by itself. */
  profitCents: bigint
}

type Lines = Pick<
  ProfitResult,
  'satsPerDay' | 'revenueUsdPerDay' | 'electricityUsdPerDay' | 'fixedUsdPerDay'
>

/** Rounds each line of a day once, half away from zero. Totals are sums of such lines. */
export function bookedDay(result: Lines): BookedDay {
  const revenueCents = centsFromUsd(result.revenueUsdPerDay)
  const electricityCents = centsFromUsd(result.electricityUsdPerDay)
  const fixedCents = centsFromUsd(result.fixedUsdPerDay)
  return {
    sats: wholeSats(result.satsPerDay),
    revenueCents,
    electricityCents,
    fixedCents,
    profitCents: revenueCents - electricityCents - fixedCents,
  }
}
