import type { Row } from '#core/table'
import type { PricedRow } from './batch_rows.js'

/** A priced row as files, API and console tell it; whole satoshis and cents. */
export interface ResultRow {
  line: number
  name: string | null
  model: string | null
  count: number
  hashrateThs: number
  powerW: number
  usdPerKwh: number
  poolFeePct: number
  sats: bigint
  revenueCents: bigint
  electricityCents: bigint
  fixedCents: bigint
  profitCents: bigint
  breakEvenUsdPerBtc: number | null
  breakEvenUsdPerKwh: number | null
}

/** From what was just computed. */
export function resultOf({ line, name, figures }: PricedRow): ResultRow {
  const { booked, ...rest } = figures
  return { line, name, ...rest, ...booked }
}

/** From what was stored. */
export const storedResult = (row: Row): ResultRow => ({
  line: row.line,
  name: row.name,
  model: row.model,
  count: row.count,
  hashrateThs: row.hashrate_ths,
  powerW: row.power_w,
  usdPerKwh: row.usd_per_kwh,
  poolFeePct: row.pool_fee_pct,
  sats: BigInt(row.sats),
  revenueCents: BigInt(row.revenue_cents),
  electricityCents: BigInt(row.electricity_cents),
  fixedCents: BigInt(row.fixed_cents),
  profitCents: BigInt(row.profit_cents),
  breakEvenUsdPerBtc: row.break_even_usd_per_btc,
  breakEvenUsdPerKwh: row.break_even_usd_per_kwh,
})
