import { blocksPerDay } from '#core/chain/sats_per_day'
import { centsFromUsd, usdFromCents } from '#core/money'
import { marginalInvoiceUsd } from './hosting_marginal.js'
import { hostingSettlement } from './hosting_settlement.js'
import { kwhPerDayOf } from './profit.js'
import type { ProjectionInput } from './projection_input.js'
import { heightOn, type Paths, pathsOf } from './projection_paths.js'
import { energyUsd, NO_TARIFF } from './tariff.js'

/** Days of a calculated month; the last month may have fewer. */
export const DAYS_PER_MONTH = 30

const SATS_PER_BTC = 1e8

/**
 * A month of 30 days. Flows are sums over its `days`; height, difficulty, price and hashrate are
 * those of its first day. US dollars and satoshis, unrounded.
 */
export interface MonthSums {
  day: number
  days: number
  height: number
  difficulty: number
  btcUsd: number
  hashrateThs: number
  daysOff: number
  kwh: number
  sats: number
  revenueUsd: number
  energyUsd: number
  /** For the power itself; none in a month without a day on. */
  demandUsd: number
  /** The host's invoice, whole cents; 0 without a host. */
  hostingUsd: number
  fixedUsd: number
  /** As if it had run on every day. */
  potentialSats: number
  potentialRevenueUsd: number
}

export interface ProjectedDays {
  months: MonthSums[]
  /** Cash of every day before tax: the owner's or, when hosted, the client's. */
  cash: Float64Array
}

/** What a day needs that is the same on all of them. */
interface Plan {
  input: ProjectionInput
  paths: Paths
  kwhPerDay: number
  kw: number
  keptShare: number
}

/**
 * Runs all days of a projection that has been checked. Energy costs what the block of the tariff
 * says on that day; charges by the month (demand, the host's invoice) count in equal parts on the
 * days of their month.
 */
export function projectDays(input: ProjectionInput): ProjectedDays {
  const kwhAlwaysOn = kwhPerDayOf(input.powerW, input.overheadPct)
  const plan: Plan = {
    input,
    paths: pathsOf(input),
    kwhPerDay: kwhAlwaysOn * (input.uptimePct / 100),
    kw: kwhAlwaysOn / 24,
    keptShare: 1 - input.poolFeePct / 100,
  }
  const cash = new Float64Array(input.days)
  const months: MonthSums[] = []
  for (let first = 0; first < input.days; first += DAYS_PER_MONTH) {
    const month = emptyMonth(plan, first)
    for (let day = first; day < first + month.days; day++) cash[day] = runDay(plan, month, day)
    closeMonth(plan, month)
    const shareUsd = (input.hosting ? month.hostingUsd : month.demandUsd) / month.days
    for (let day = first; day < first + month.days; day++) cash[day]! -= shareUsd
    months.push(month)
  }
  return { months, cash }
}

/** Adds a day to its month and tells its cash before the charges by the month. */
function runDay({ input, paths, kwhPerDay, keptShare }: Plan, month: MonthSums, day: number) {
  const uptime = input.uptimePct / 100
  const blocks = blocksPerDay(month.hashrateThs, paths.difficulty[day]!)
  const sats = blocks * paths.rewardSats[day]! * uptime * keptShare
  const revenueUsd = (sats / SATS_PER_BTC) * paths.btcUsd[day]!
  const usd = energyUsd((input.tariff ?? NO_TARIFF).blocks, month.kwh, kwhPerDay)
  month.potentialSats += sats
  month.potentialRevenueUsd += revenueUsd
  if (input.shutdownWhenNegative && revenueUsd < marginalUsd(input, month, [kwhPerDay, usd])) {
    month.daysOff += 1
    return -input.fixedUsdPerDay
  }
  month.kwh += kwhPerDay
  month.sats += sats
  month.revenueUsd += revenueUsd
  month.energyUsd += usd
  return revenueUsd - (input.hosting ? 0 : usd) - input.fixedUsdPerDay
}

function marginalUsd(
  { hosting }: ProjectionInput,
  { kwh: usedKwh }: MonthSums,
  [kwh, usd]: [kwh: number, usd: number]
): number {
  return hosting ? marginalInvoiceUsd(hosting, { usedKwh, kwh, energyUsd: usd }) : usd
}

/** Charges by the month. With a host, energy and demand are the host's and come by the invoice. */
function closeMonth({ input, kw }: Plan, month: MonthSums): void {
  const months = month.days / DAYS_PER_MONTH
  const isOn = month.daysOff < month.days
  const demandUsd = isOn ? kw * (input.tariff ?? NO_TARIFF).demandUsdPerKwMonth * months : 0
  month.fixedUsd = input.fixedUsdPerDay * month.days
  month.demandUsd = demandUsd
  if (!input.hosting) return
  const { hostInvoiceCents } = hostingSettlement({
    kwh: month.kwh,
    kw,
    miners: input.miners,
    months,
    energyUsd: month.energyUsd + demandUsd,
    clientGrossRevenueCents: centsFromUsd(month.revenueUsd),
    model: input.hosting,
  })
  month.hostingUsd = usdFromCents(hostInvoiceCents).toNumber()
}

function emptyMonth({ input, paths }: Plan, day: number): MonthSums {
  const full = Math.floor(day / DAYS_PER_MONTH)
  return {
    day,
    days: Math.min(DAYS_PER_MONTH, input.days - day),
    height: heightOn(input, day),
    difficulty: paths.difficulty[day]!,
    btcUsd: paths.btcUsd[day]!,
    hashrateThs: input.hashrateThs * (1 - input.degradationPctPerMonth / 100) ** full,
    daysOff: 0,
    kwh: 0,
    sats: 0,
    revenueUsd: 0,
    energyUsd: 0,
    demandUsd: 0,
    hostingUsd: 0,
    fixedUsd: 0,
    potentialSats: 0,
    potentialRevenueUsd: 0,
  }
}
