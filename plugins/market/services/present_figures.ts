import { scale } from '../domain/scale.js'
import type { StoredSeries } from '../domain/series_kind.js'
import { isOld } from '../domain/staleness.js'
import type { HashpriceNow } from './hashprice.js'
import type { SourceProps, Words } from './market_words.js'
import type { Claim, PriceChanges } from './price_changes.js'
import type { Figure, MarketFigures, MarketSummary } from './summary.js'
import type { StoredValue } from './stored_values.js'

/** What the `tile` component takes. */
export interface Tile {
  id: string
  label: string
  value: string | null
  unit?: string
  note?: string
  kind?: 'good' | 'warn' | 'bad' | 'neutral'
  reason?: string
  source?: SourceProps
  spark?: (number | null)[]
  sparkColor?: string
}

/** A figure as a tile; what is missing says why. */
function tileOf(id: string, figure: Figure, words: Words, shown: Partial<Tile>): Tile {
  const label = words.t(`market.figure.${id}`)
  if (figure.value === null) {
    return {
      id: `market-${id}`,
      label,
      value: null,
      reason: words.t(`market.reason.${figure.reason}`),
    }
  }
  return { id: `market-${id}`, label, value: null, source: words.source(figure), ...shown }
}

/** Sources that contradict each other, each with what it says. */
const dispute = (series: StoredSeries, claims: readonly Claim[], words: Words) =>
  words.t('market.disputed', {
    values: claims
      .map(({ source, value }) => `${words.value(series, value)} (${source})`)
      .join(', '),
  })

interface PriceExtras {
  changes: PriceChanges | null
  spark: (number | null)[]
  claims: readonly Claim[]
}

export function priceTile({ price }: MarketSummary, extras: PriceExtras, words: Words): Tile {
  if (price.value === null) return tileOf('price', price, words, {})
  const { changes, claims, spark } = extras
  const moves = [
    typeof changes?.dayPct === 'number' &&
      words.t('market.change.day', { change: words.signedPct(changes.dayPct) }),
    typeof changes?.weekPct === 'number' &&
      words.t('market.change.week', { change: words.signedPct(changes.weekPct) }),
  ].filter(Boolean)
  return tileOf('price', price, words, {
    value: words.value('price_usd', price.value),
    note: claims.length ? dispute('price_usd', claims, words) : moves.join(' · '),
    kind: claims.length ? 'bad' : 'neutral',
    spark,
  })
}

export function hashpriceTile({ hashprice }: MarketSummary, words: Words): Tile {
  if (hashprice.value === null) return tileOf('hashprice', hashprice, words, {})
  const { satsPerThDay, feeShare } = hashprice.detail!
  const sats = words.number(satsPerThDay, { maximumFractionDigits: 2, minimumFractionDigits: 2 })
  const fees =
    feeShare === null
      ? words.t('market.hashprice.subsidyOnly')
      : words.t('market.hashprice.withFees', { share: words.pct(feeShare * 100) })
  return tileOf('hashprice', hashprice, words, {
    value: words.usd(hashprice.value, 2),
    note: words.t('market.hashprice.note', { sats, fees }),
    source: words.source(hashprice, hashprice.quality === 'disputed'),
  })
}

/** The formula of the hashprice with the values in it. */
export function hashpriceLines(now: HashpriceNow | null, words: Words): string[] {
  if (!now) return []
  const fees = now.feesSatsPerBlock ?? 0
  return [
    words.t('market.hashprice.line.sats', {
      subsidy: words.number(Number(now.subsidySats)),
      fees: words.number(Math.round(fees)),
      difficulty: words.number(now.difficulty, { maximumFractionDigits: 0 }),
      sats: words.number(now.satsPerThDay, { maximumFractionDigits: 4 }),
    }),
    words.t('market.hashprice.line.usd', {
      sats: words.number(now.satsPerThDay, { maximumFractionDigits: 4 }),
      price: words.usd(now.btcUsd, 2),
      usd: words.usd(now.usdPerPhDay, 3),
    }),
  ]
}

export function networkTiles(
  { summary: { difficulty, networkHashrate }, latest }: MarketFigures,
  words: Words,
  now: Date
): Tile[] {
  const plain = (series: StoredSeries, id: string): Tile => {
    const stored = latest[series]
    const figure: Figure = stored
      ? { ...stored, unit: '', isOld: isOld(stored, now) }
      : { value: null, unit: '', reason: 'not_stored' }
    return tileOf(id, figure, words, {
      ...(stored ? shownOf(stored, words) : {}),
    })
  }
  return [
    tileOf('difficulty', difficulty, words, {
      value: difficulty.value === null ? null : words.value('difficulty', difficulty.value),
      unit: words.unit('difficulty'),
      note: impliedNote(difficulty, words),
    }),
    tileOf('hashrate', networkHashrate, words, {
      value:
        networkHashrate.value === null
          ? null
          : words.value('network_hashrate_ths', networkHashrate.value),
      unit: words.unit('network_hashrate_ths'),
      note: words.t('market.note.mean'),
    }),
    plain('fees_sats_per_block', 'fees'),
    plain('fear_greed', 'fear_greed'),
  ]
}

/** Hashes per second that the difficulty stands for: D · 2^32 / 600. */
function impliedNote(difficulty: Figure, words: Words) {
  if (difficulty.value === null) return ''
  const ths = (difficulty.value * 2 ** 32) / 600 / 1e12
  const ehs = words.number(scale('network_hashrate_ths', ths), { maximumFractionDigits: 1 })
  return words.t('market.note.implied', { ehs })
}

/** Fear and greed with its name; fees in bitcoin, and as they are stored. */
function shownOf({ series, value }: StoredValue, words: Words) {
  if (series === 'fees_sats_per_block') {
    return {
      value: words.number(value / SATS_PER_BTC, { maximumFractionDigits: 4 }),
      unit: words.t('market.unit.btc'),
      note: words.t('market.note.fees', { sats: words.value(series, value) }),
    }
  }
  return { value: words.value(series, value), note: words.t(`market.fear.${fearBand(value)}`) }
}

const SATS_PER_BTC = 100_000_000

/** Bands of the index by alternative.me: 25, 45, 55, 75. */
const fearBand = (value: number) => {
  const bands = ['extreme_fear', 'fear', 'neutral', 'greed'] as const
  const limits = [25, 45, 55, 75]
  return bands[limits.findIndex((limit) => value <= limit)] ?? 'extreme_greed'
}
