import { HOSTING_TYPES } from '../validators_projection.js'
import { POOL_SCHEMES } from '../domain/pool_scheme.js'

/** How a field of the form looks; its texts are `calculator.field.<name>` and `….help.<name>`. */
export interface FormField {
  name: string
  kind: 'number' | 'text' | 'date' | 'select' | 'checkbox'
  unit?: string
  /** Values of a choice; their texts are `calculator.choice.<name>.<value>`. */
  values?: readonly string[]
  isHelped?: boolean
  /** Shown only with this value of another field. */
  onlyWith?: { field: string; values: readonly string[] }
}

export interface FormSection {
  /** Its title is `calculator.section.<name>`. */
  name: string
  /** Open from the start; others open when something in them was said. */
  isMain?: boolean
  fields: readonly FormField[]
}

const number = (name: string, unit?: string, more: Partial<FormField> = {}): FormField => ({
  name,
  kind: 'number',
  unit,
  ...more,
})
const helped = { isHelped: true }
const withHosting = (...values: string[]) => ({ onlyWith: { field: 'hosting', values } })
const HORIZONS_DAYS = ['365', '730', '1095', '1460', '1825', '2555', '3650'] as const

/** The form in the order in which a person thinks: machine, prices, investment, then the rest. */
export const SECTIONS: readonly FormSection[] = [
  {
    name: 'miner',
    isMain: true,
    fields: [
      number('count'),
      number('siteMw', 'MW', helped),
      number('pue'),
      number('hashrateThs', 'TH/s'),
      number('powerW', 'W'),
    ],
  },
  {
    name: 'prices',
    isMain: true,
    fields: [
      number('usdPerKwh', '$/kWh'),
      number('poolFeePct', '%'),
      number('btcUsd', '$'),
      number('difficulty', undefined, helped),
    ],
  },
  {
    name: 'investment',
    isMain: true,
    fields: [
      number('capexUsdPerMiner', '$'),
      { name: 'days', kind: 'select', values: HORIZONS_DAYS },
      number('difficultyGrowthPctPerMonth', '%/mo'),
      number('priceGrowthPctPerYear', '%/yr'),
      number('uptimePct', '%'),
      number('degradationPctPerMonth', '%/mo', helped),
      number('discountPctPerYear', '%/yr'),
    ],
  },
  {
    name: 'network',
    fields: [
      number('networkHashrateThs', 'TH/s', helped),
      number('feesSatsPerBlock', 'sat'),
      number('feesPctOfSubsidy', '%', helped),
      number('subsidySats', 'sat'),
      number('startHeight', undefined, helped),
      { name: 'startDate', kind: 'date' },
    ],
  },
  {
    name: 'costs',
    fields: [
      number('overheadPct', '%', helped),
      number('fixedUsdPerDay', '$'),
      { name: 'tariffBlocks', kind: 'text', unit: 'kWh: $/kWh', isHelped: true },
      number('demandUsdPerKwMonth', '$/kW'),
    ],
  },
  {
    name: 'pool',
    fields: [
      { name: 'poolScheme', kind: 'select', values: POOL_SCHEMES },
      number('poolSharePct', '%', helped),
    ],
  },
  {
    name: 'hosting',
    fields: [
      { name: 'hosting', kind: 'select', values: HOSTING_TYPES },
      number('hostingUsdPerKwh', '$/kWh', withHosting('flat', 'min_commit')),
      number('hostingServiceUsdPerKwh', '$/kWh', withHosting('passthrough_plus')),
      number('hostingUsdPerKwMonth', '$/kW', withHosting('capacity')),
      number('hostingUsdPerMinerMonth', '$', withHosting('per_miner')),
      number('hostingSharePct', '%', withHosting('profit_share')),
      number('hostingMarkUpPct', '%', withHosting('mark_up')),
      number('hostingMinKwh', 'kWh', withHosting('min_commit')),
    ],
  },
  {
    name: 'downtime',
    fields: [
      number('plannedDowntimePct', '%'),
      number('unplannedDowntimeLowPct', '%'),
      number('unplannedDowntimeMidPct', '%'),
      number('unplannedDowntimeHighPct', '%'),
      { name: 'shutdownWhenNegative', kind: 'checkbox' },
    ],
  },
  {
    name: 'future',
    fields: [
      { name: 'pricePoints', kind: 'text', unit: 'd: $', isHelped: true },
      number('priceGrowthPctPerMonth', '%/mo'),
      number('difficultyGrowthPctPerEpoch', '%'),
      number('capexUsd', '$', helped),
      number('resaleHalfLifeDays', 'd', helped),
      number('resalePct', '%'),
      number('taxRatePct', '%', helped),
      number('depreciationYears', 'yr'),
    ],
  },
]

/** Whether a field belongs into the form as it is filled in now. */
export const isAsked = ({ onlyWith }: FormField, query: Record<string, string>) =>
  !onlyWith || onlyWith.values.includes(query[onlyWith.field] ?? '')
