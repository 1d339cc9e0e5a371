import { CalculationError } from '#core/maths/calculation_error'
import { checkWithin } from '#core/maths/check'

/** Time off. Unplanned failures strike in the time that the plan leaves. */
export interface Downtime {
  plannedPct: number
  unplannedPct: { low: number; mid: number; high: number }
}

/** Percent of the time that the machines run; `high` is with the least downtime. */
export interface UptimeBand {
  low: number
  mid: number
  high: number
}

/** Uptime = (1 - planned) * (1 - unplanned), in percent. Throws CalculationError. */
export function uptimeBand({ plannedPct, unplannedPct }: Downtime): UptimeBand {
  const { low, mid, high } = unplannedPct
  checkWithin(plannedPct, 'plannedDowntimePct', [0, 100])
  checkWithin(low, 'unplannedDowntimeLowPct', [0, 100])
  checkWithin(mid, 'unplannedDowntimeMidPct', [0, 100])
  checkWithin(high, 'unplannedDowntimeHighPct', [0, 100])
  if (low > mid) throw notBetween('unplannedDowntimeLowPct')
  if (mid > high) throw notBetween('unplannedDowntimeHighPct')
  const uptime = (unplanned: number) => (1 - plannedPct / 100) * (1 - unplanned / 100) * 100
  return { low: uptime(high), mid: uptime(mid), high: uptime(low) }
}

function notBetween(field: string): CalculationError {
  return new CalculationError(field, 'must keep the order low, mid, high')
}
