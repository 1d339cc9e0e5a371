import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { E_NOT_FOUND } from '#core/errors'
import { asInstallation } from '#core/installation'
import { openSecret } from '#core/secrets'
import { type Breaker, breakerState } from '../domain/breaker.js'
import { DATA, type Datum } from '../domain/data.js'
import type { Feed, Provider, Reading } from '../providers/adapter.js'
import { allFeeds, providerNamed, PROVIDERS } from '../providers/registry.js'

/** Keys are closed for this purpose only: a sealed second factor is no key, and the reverse. */
export const KEY_PURPOSE = 'market.provider_key'

/** A row of `market_feeds` with its provider's, and the code that belongs to both. */
export interface FeedState extends Breaker {
  datum: Datum
  provider: Provider
  feed: Feed
  position: number
  enabled: boolean
  /** The operator's address, else the provider's own; null where somebody must set it. */
  baseUrl: string | null
  hasOwnUrl: boolean
  keySealed: string | null
  blockedUntil: Date | null
  lastSuccessAt: Date | null
  latencyMs: number | null
  lastError: string | null
  lastErrorDetail: string | null
  lastErrorAt: Date | null
  etag: string | null
  reading: Reading | null
}

type StoredReading = Omit<Reading, 'at'> & { at?: string }

interface Row {
  datum: Datum
  provider: string
  position: number
  enabled: boolean
  failures: number
  retry_at: Date | null
  base_url: string | null
  key_sealed: string | null
  blocked_until: Date | null
  last_success_at: Date | null
  latency_ms: number | null
  last_error: string | null
  last_error_detail: string | null
  last_error_at: Date | null
  etag: string | null
  reading: StoredReading | null
}

/** Makes the rows of every feed that this version knows, and takes away those it does not. */
export const syncFeeds = () =>
  asInstallation(async (trx) => {
    const names = PROVIDERS.map(({ name }) => name)
    await trx.from('market_providers').whereNotIn('provider', names).delete()
    for (const { name, burst } of PROVIDERS) {
      await trx.rawQuery(
        'insert into market_providers (provider, tokens) values (?, ?) on conflict do nothing',
        [name, burst]
      )
    }
    const feeds = allFeeds()
    const known = new Set(feeds.map(({ datum, provider }) => `${datum} ${provider}`))
    const rows = await trx.from('market_feeds').select('datum', 'provider')
    for (const { datum, provider } of rows) {
      if (known.has(`${datum} ${provider}`)) continue
      await trx.from('market_feeds').where({ datum, provider }).delete()
    }
    for (const { datum, provider, position } of feeds) {
      await trx.rawQuery(
        `insert into market_feeds (datum, provider, position) values (?, ?, ?) on conflict do nothing`,
        [datum, provider, position]
      )
    }
    for (const datum of DATA) {
      await trx.rawQuery('insert into market_refreshes (datum) values (?) on conflict do nothing', [
        datum,
      ])
    }
  })

const feedRows = (client: QueryClientContract) =>
  client
    .from('market_feeds as f')
    .join('market_providers as p', 'p.provider', 'f.provider')
    .orderBy('f.position')
    .orderBy('f.provider')
    .select('f.*', 'p.base_url', 'p.key_sealed', 'p.blocked_until')

/** The feeds of a datum in the order in which they are asked, those switched off too. */
export const feedsOf = (datum: Datum): Promise<FeedState[]> =>
  asInstallation(async (trx) => {
    const rows: Row[] = await feedRows(trx).where('f.datum', datum)
    return rows.flatMap(stateOf)
  })

export const everyFeed = (): Promise<FeedState[]> =>
  asInstallation(async (trx) => ((await feedRows(trx)) as Row[]).flatMap(stateOf))

/** One feed; refuses what does not exist. */
export async function feedNamed(datum: unknown, provider: unknown): Promise<FeedState> {
  const found = (await everyFeed()).find(
    (one) => one.datum === datum && one.provider.name === provider
  )
  if (!found) throw new E_NOT_FOUND()
  return found
}

function stateOf(row: Row): FeedState[] {
  const provider = providerNamed(row.provider)
  const feed = provider?.feeds[row.datum]
  if (!provider || !feed) return []
  return [
    {
      datum: row.datum,
      provider,
      feed,
      position: row.position,
      enabled: row.enabled,
      baseUrl: row.base_url ?? provider.baseUrl,
      hasOwnUrl: row.base_url !== null,
      keySealed: row.key_sealed,
      blockedUntil: row.blocked_until,
      failures: row.failures,
      retryAt: row.retry_at,
      lastSuccessAt: row.last_success_at,
      latencyMs: row.latency_ms,
      lastError: row.last_error,
      lastErrorDetail: row.last_error_detail,
      lastErrorAt: row.last_error_at,
      etag: row.etag,
      reading: row.reading && revive(row.reading),
    },
  ]
}

/** JSON knows no dates. */
const revive = ({ at, ...reading }: StoredReading): Reading => ({
  ...reading,
  ...(at ? { at: new Date(at) } : {}),
})

/** The key in the clear, '' where none is set; null when it cannot be opened. */
export const keyOf = ({ keySealed }: Pick<FeedState, 'keySealed'>) =>
  keySealed === null ? '' : openSecret(keySealed, KEY_PURPOSE)

/** Why a feed is not asked at all at this moment; null when it is. */
export function reasonToSkip(state: FeedState, now: Date): SkipReason | null {
  if (!state.enabled) return 'off'
  if (!state.baseUrl) return 'no_url'
  if (state.provider.keyUse === 'needed' && !state.keySealed) return 'no_key'
  if (state.blockedUntil && state.blockedUntil > now) return 'paused'
  return breakerState(state, now) === 'open' ? 'breaker_open' : null
}

export type SkipReason = 'off' | 'no_url' | 'no_key' | 'paused' | 'breaker_open' | 'bucket_empty'
