import type { I18n } from '@adonisjs/i18n'
import { dayMs } from './projection_view.js'
import type { ProjectionAnswer } from './project_miner.js'

/** The months as rows of a table; money in dollars and cents, as booked. */
export function presentMonths({ startDate, months }: ProjectionAnswer, i18n: I18n) {
  const format = (least: number, most: number) => {
    const made = new Intl.NumberFormat(i18n.locale, {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    })
    return (value: number) => made.format(value)
  }
  const [whole, two, eight] = [format(0, 0), format(2, 2), format(8, 8)]
  const usd = (cents: bigint) => two(Number(cents) / 100)
  return months.map((month) => ({
    from: new Date(dayMs(startDate, month.day)).toISOString().slice(0, 10),
    btcUsd: whole(month.btcUsd),
    difficulty: two(month.difficulty / 1e12),
    hashrateThs: whole(month.hashrateThs),
    btc: eight(Number(month.sats) / 1e8),
    revenue: usd(month.revenueCents),
    energy: usd(month.energyCents + month.demandCents),
    hosting: usd(month.hostingCents),
    fixed: usd(month.fixedCents),
    tax: usd(month.taxCents),
    cash: usd(month.cashCents),
    cumulative: usd(month.cumulativeCents),
    daysOff: whole(month.daysOff),
  }))
}
