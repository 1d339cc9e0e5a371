import { checkPositive, checkWithin } from '#core/maths/check'

const DAYS_PER_YEAR = 365

/** A rate on profit, with the machines written off in equal parts over whole or broken years. */
export interface TaxRule {
  ratePct: number
  depreciationYears: number
}

/** A tax year of 365 days since the start; the last may be shorter. US dollars, unrounded. */
export interface TaxYear {
  days: number
  /** Cash of the year before tax. */
  cashUsd: number
  depreciationUsd: number
  /** Resale less what the books still hold, in the last year. */
  disposalUsd: number
  /** Losses of earlier years set against this one. */
  lossUsedUsd: number
  taxUsd: number
}

export interface TaxQuestion {
  /** Cash of every day before tax. */
  cash: Float64Array
  capexUsd: number
  resaleUsd: number
  rule: TaxRule
}

/** Throws CalculationError naming the field of the question. */
export function checkTax(rule: TaxRule): void {
  checkWithin(rule.ratePct, 'taxRatePct', [0, 100])
  checkPositive(rule.depreciationYears, 'depreciationYears')
}

/**
 * Tax by year: rate * max(0, cash - depreciation + disposal - losses carried forward). A loss is
 * carried forward in full and without limit of time; nothing is ever refunded. At the end the
 * machines leave the books: resale less book value is a gain or a loss of the last year.
 */
export function taxYears({ cash, capexUsd, resaleUsd, rule }: TaxQuestion): TaxYear[] {
  const years: TaxYear[] = []
  let bookUsd = capexUsd
  let lossUsd = 0
  for (let first = 0; first < cash.length; first += DAYS_PER_YEAR) {
    const part = cash.subarray(first, first + DAYS_PER_YEAR)
    const days = part.length
    const cashUsd = part.reduce((sum, usd) => sum + usd, 0)
    const yearlyUsd = capexUsd / rule.depreciationYears
    const depreciationUsd = Math.min(bookUsd, yearlyUsd * (days / DAYS_PER_YEAR))
    bookUsd -= depreciationUsd
    const disposalUsd = first + days === cash.length ? resaleUsd - bookUsd : 0
    const profitUsd = cashUsd - depreciationUsd + disposalUsd
    const lossUsedUsd = Math.min(lossUsd, Math.max(0, profitUsd))
    lossUsd += Math.max(0, -profitUsd) - lossUsedUsd
    const taxUsd = Math.max(0, profitUsd - lossUsedUsd) * (rule.ratePct / 100)
    years.push({ days, cashUsd, depreciationUsd, disposalUsd, lossUsedUsd, taxUsd })
  }
  return years
}

/** Takes each year's tax off its days in equal parts, as a provision; the tax of a day by day. */
export function provideTax(cash: Float64Array, years: readonly TaxYear[]): Float64Array {
  const tax = new Float64Array(cash.length)
  years.forEach(({ taxUsd, days }, year) => {
    const first = year * DAYS_PER_YEAR
    tax.fill(taxUsd / days, first, first + days)
  })
  tax.forEach((usd, day) => (cash[day]! -= usd))
  return tax
}
