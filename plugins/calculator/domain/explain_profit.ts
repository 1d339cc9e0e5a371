import type { ProfitInput, ProfitResult } from './profit.js'

/** One line of the calculation: `code` is a key of the texts, `values` are unrounded. */
export interface ExplainStep {
  code: `calculator.explain.${string}`
  values: Record<string, number | null>
}

/**
 * The formulas of `profit` with the values in them, in the order a person would work them out.
 * No prose and no rounding: texts and formats belong to the language. A step whose figure is null
 * carries the result's reason in its code (`…break_even_btc.E_NO_PRODUCTION`).
 */
export function explainProfit(input: ProfitInput, result: ProfitResult): ExplainStep[] {
  return [
    ...productionSteps(input, result),
    ...costSteps(input, result),
    ...breakEvenSteps(input, result),
    networkStep(input, result),
  ]
}

function productionSteps(input: ProfitInput, result: ProfitResult): ExplainStep[] {
  const subsidySats = Number(input.subsidySats)
  const feesSats = input.feesSatsPerBlock ?? 0
  const { hashrateThs, difficulty, poolFeePct, btcUsd } = input
  const { satsPerDay, btcPerDay, grossBtcPerDay, revenueUsdPerDay } = result
  return [
    step('reward', { subsidySats, feesSats, rewardSats: subsidySats + feesSats }),
    step('production', {
      hashrateThs,
      difficulty,
      rewardSats: subsidySats + feesSats,
      grossBtcPerDay,
    }),
    step('pool_fee', { grossBtcPerDay, poolFeePct, satsPerDay, btcPerDay }),
    step('revenue', { btcPerDay, btcUsd, revenueUsdPerDay }),
  ]
}

function costSteps(input: ProfitInput, result: ProfitResult): ExplainStep[] {
  const { powerW, usdPerKwh } = input
  const { kwhPerDay, electricityUsdPerDay, revenueUsdPerDay, fixedUsdPerDay } = result
  return [
    step('energy', { powerW, overheadPct: input.overheadPct ?? 0, kwhPerDay }),
    step('electricity', { kwhPerDay, usdPerKwh, electricityUsdPerDay }),
    step('profit', {
      revenueUsdPerDay,
      electricityUsdPerDay,
      fixedUsdPerDay,
      profitUsdPerDay: result.profitUsdPerDay,
    }),
  ]
}

function breakEvenSteps(input: ProfitInput, result: ProfitResult): ExplainStep[] {
  const { revenueUsdPerDay, fixedUsdPerDay, kwhPerDay, electricityUsdPerDay, btcPerDay } = result
  const { breakEvenUsdPerKwh, breakEvenUsdPerBtc, hashpriceUsdPerPhDay } = result
  const { usdPerKwh, btcUsd } = input
  return [
    step(named('break_even_kwh', result.breakEvenUsdPerKwhReason), {
      revenueUsdPerDay,
      fixedUsdPerDay,
      kwhPerDay,
      breakEvenUsdPerKwh,
      usdPerKwh,
    }),
    step(named('break_even_btc', result.breakEvenUsdPerBtcReason), {
      electricityUsdPerDay,
      fixedUsdPerDay,
      btcPerDay,
      breakEvenUsdPerBtc,
      btcUsd,
    }),
    step('hashprice', { difficulty: input.difficulty, btcUsd, hashpriceUsdPerPhDay }),
  ]
}

function networkStep(input: ProfitInput, result: ProfitResult): ExplainStep {
  const { btcPerDay, btcPerDayByNetwork, deviationPct } = result
  return step(named('network', result.networkReason), {
    hashrateThs: input.hashrateThs,
    networkHashrateThs: input.networkHashrateThs,
    btcPerDay,
    btcPerDayByNetwork,
    deviationPct,
  })
}

function named(name: string, reason: string | null): string {
  return reason === null ? name : `${name}.${reason}`
}

function step(name: string, values: ExplainStep['values']): ExplainStep {
  return { code: `calculator.explain.${name}`, values }
}
