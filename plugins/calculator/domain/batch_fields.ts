/** What a row of a batch may say about itself; the first two name it, the others are figures. */
export const BATCH_FIELDS = [
  'name',
  'model',
  'count',
  'hashrateThs',
  'powerW',
  'usdPerKwh',
  'poolFeePct',
  'overheadPct',
  'fixedUsdPerDay',
  'btcUsd',
  'difficulty',
  'networkHashrateThs',
] as const

export type BatchField = (typeof BATCH_FIELDS)[number]
export type BatchFigure = Exclude<BatchField, 'name' | 'model'>

export const isBatchField = (name: string): name is BatchField =>
  (BATCH_FIELDS as readonly string[]).includes(name)

export const isText = (field: BatchField) => field === 'name' || field === 'model'

/** A unit that a column may be in, and how a figure becomes one of ours. */
export interface BatchUnit {
  code: string
  times: number
  /** Dividing by a whole number keeps 5.5 ¢ at exactly 0.055. */
  by: number
}

const unit = (code: string, times = 1, by = 1): BatchUnit => ({ code, times, by })

/** The first unit of a field is the one that everything is computed in. */
export const BATCH_UNITS: Partial<Record<BatchField, readonly BatchUnit[]>> = {
  hashrateThs: [unit('TH/s'), unit('GH/s', 1, 1000), unit('PH/s', 1000), unit('EH/s', 1_000_000)],
  powerW: [unit('W'), unit('kW', 1000), unit('MW', 1_000_000)],
  usdPerKwh: [unit('$/kWh'), unit('¢/kWh', 1, 100), unit('$/MWh', 1, 1000)],
  poolFeePct: [unit('%')],
  overheadPct: [unit('%')],
  fixedUsdPerDay: [unit('$')],
  btcUsd: [unit('$')],
  networkHashrateThs: [unit('TH/s'), unit('PH/s', 1000), unit('EH/s', 1_000_000)],
}

/** A figure in the unit of the calculation. */
export function inOurUnit(field: BatchField, value: number, code: string | undefined): number {
  const found = BATCH_UNITS[field]?.find((one) => one.code === code)
  return found ? (value * found.times) / found.by : value
}
