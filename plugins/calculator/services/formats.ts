/** Dollars with so many digits, as `$` in every language: all money here is in one currency. */
export const usdFormat = (digits: number): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'narrowSymbol',
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
})
