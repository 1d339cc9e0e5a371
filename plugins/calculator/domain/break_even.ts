import { usdFromCents } from '#core/money'
import { hostingSettlement } from './hosting_settlement.js'
import { kwhPerDayOf, type ProfitResult } from './profit.js'
import type { ProjectionInput } from './projection_input.js'
import { DAYS_PER_MONTH, type MonthSums } from './projection_months.js'
import { energyUsd, NO_TARIFF } from './tariff.js'

/** A `…Reason` is set exactly when its figure is null. */
export interface BreakEvenDifficulty {
  difficulty: number | null
  reason: 'E_NO_COST' | 'E_NO_PRODUCTION' | null
}

/**
 * The difficulty at which the profit of the day is 0: revenue falls as 1/D, costs stay, so it is
 * D * revenue / cost. Without costs no difficulty is too high.
 */
export function breakEvenDifficulty(difficulty: number, day: ProfitResult): BreakEvenDifficulty {
  const costUsd = day.electricityUsdPerDay + day.fixedUsdPerDay
  if (day.revenueUsdPerDay <= 0) return { difficulty: null, reason: 'E_NO_PRODUCTION' }
  if (costUsd <= 0) return { difficulty: null, reason: 'E_NO_COST' }
  return { difficulty: (difficulty * day.revenueUsdPerDay) / costUsd, reason: null }
}

/** What a month would have needed to end at 0, running on all its days; null: no such figure. */
export interface MonthBreakEven {
  /** Bitcoin price at which revenue covers energy, demand, hosting and fixed costs. */
  usdPerBtc: number | null
  /** The most that a kWh may cost with everything in it but the fixed costs. */
  usdPerKwh: number | null
}

/**
 * Break-even of a month before tax. A host's share of profit counts as 0: at break-even there is
 * no profit to share.
 */
export function monthBreakEven(input: ProjectionInput, month: MonthSums): MonthBreakEven {
  const kwh = kwhPerDayOf(input.powerW, input.overheadPct) * (input.uptimePct / 100) * month.days
  const btc = month.potentialSats / 1e8
  const fixedUsd = input.fixedUsdPerDay * month.days
  const costUsd = runningUsd(input, month, kwh) + fixedUsd
  return {
    usdPerBtc: btc > 0 ? costUsd / btc : null,
    usdPerKwh: kwh > 0 ? (month.potentialRevenueUsd - fixedUsd) / kwh : null,
  }
}

function runningUsd(input: ProjectionInput, { days }: MonthSums, kwh: number): number {
  const kw = (input.powerW / 1000) * (1 + input.overheadPct / 100)
  const months = days / DAYS_PER_MONTH
  const { blocks, demandUsdPerKwMonth } = input.tariff ?? NO_TARIFF
  const usd = energyUsd(blocks, 0, kwh) + kw * demandUsdPerKwMonth * months
  if (!input.hosting) return usd
  const { hostInvoiceCents } = hostingSettlement({
    kwh,
    kw,
    miners: input.miners,
    months,
    energyUsd: usd,
    clientGrossRevenueCents: 0n,
    model: input.hosting,
  })
  return usdFromCents(hostInvoiceCents).toNumber()
}
