import type { InputContext } from '../../services/input_context.js'

const NOW = new Date('2026-11-25T12:00:00Z')

const stored = (series: string, value: number) =>
  ({ series, value, source: 'a test', at: '2026-11-25T11:00:00Z', quality: 'agreed' }) as never

/** A portal that knows the market and one model, without a database. */
export const contextOf = (change: Partial<InputContext> = {}): InputContext => ({
  now: NOW,
  latest: {
    price_usd: stored('price_usd', 100_000),
    difficulty: stored('difficulty', 119_120_000_000_000),
    block_height: stored('block_height', 1_000_000),
    fees_sats_per_block: stored('fees_sats_per_block', 2_000_000),
  },
  networkMean: null,
  settings: { usdPerKwh: 0.05 },
  models: new Map(),
  ...change,
})

/** The market knows nothing, the tenant has set nothing. */
export const nothingKnown = () => contextOf({ latest: {}, settings: {} })
