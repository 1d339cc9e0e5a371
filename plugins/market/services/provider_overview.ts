import { breakerState } from '../domain/breaker.js'
import { DATA, DATUM_RULES, type Datum } from '../domain/data.js'
import { PROVIDERS } from '../providers/registry.js'
import { everyFeed, type FeedState, reasonToSkip } from './provider_state.js'
import { refreshStates } from './refresh_state.js'

export type FeedMood =
  'off' | 'no_url' | 'no_key' | 'paused' | 'open' | 'half_open' | 'failing' | 'good' | 'new'

/** How a feed is, in one word: the first of these that is true. */
function moodOf(state: FeedState, now: Date): FeedMood {
  const skip = reasonToSkip(state, now)
  if (skip === 'breaker_open') return 'open'
  if (skip && skip !== 'bucket_empty') return skip
  if (breakerState(state, now) === 'half_open') return 'half_open'
  if (state.failures > 0) return 'failing'
  return state.lastSuccessAt ? 'good' : 'new'
}

const feedView = (state: FeedState, now: Date) => ({
  provider: state.provider.name,
  label: state.provider.title,
  enabled: state.enabled,
  position: state.position,
  mood: moodOf(state, now),
  failures: state.failures,
  retryAt: state.retryAt,
  lastSuccessAt: state.lastSuccessAt,
  latencyMs: state.latencyMs,
  lastError: state.lastError,
  lastErrorDetail: state.lastErrorDetail,
  lastErrorAt: state.lastErrorAt,
})

export type FeedView = ReturnType<typeof feedView>

export interface DatumView {
  datum: Datum
  every: { count: number; unit: 'second' | 'minute' | 'hour' }
  quorum: number
  outcome: string | null
  finishedAt: Date | null
  failingSince: Date | null
  feeds: FeedView[]
}

export interface ProviderView {
  name: string
  label: string
  baseUrl: string | null
  hasOwnUrl: boolean
  keyUse: 'none' | 'optional' | 'needed'
  hasKey: boolean
  perMinute: number
  data: Datum[]
}

function turnOf(ms: number): DatumView['every'] {
  if (ms < 60_000) return { count: ms / 1000, unit: 'second' }
  if (ms < 3_600_000) return { count: ms / 60_000, unit: 'minute' }
  return { count: ms / 3_600_000, unit: 'hour' }
}

/** Everything that staff may know about where figures come from; never a key. */
export async function providerOverview(now = new Date()) {
  const feeds = await everyFeed()
  const refreshes = new Map((await refreshStates()).map((one) => [one.datum, one]))
  const data: DatumView[] = DATA.map((datum) => {
    const { finishedAt = null, outcome = null, failingSince = null } = refreshes.get(datum) ?? {}
    return {
      datum,
      every: turnOf(DATUM_RULES[datum].everyMs),
      quorum: DATUM_RULES[datum].quorum,
      outcome,
      finishedAt,
      failingSince,
      feeds: feeds.filter((one) => one.datum === datum).map((one) => feedView(one, now)),
    }
  })
  return { data, providers: PROVIDERS.map(({ name }) => providerView(name, feeds)) }
}

/** One provider; its feeds tell what is set. */
export function providerView(name: string, feeds: readonly FeedState[]): ProviderView {
  const own = feeds.filter(({ provider }) => provider.name === name)
  const { provider, baseUrl, hasOwnUrl, keySealed } = own[0]!
  return {
    name,
    label: provider.title,
    baseUrl,
    hasOwnUrl,
    keyUse: provider.keyUse,
    hasKey: keySealed !== null,
    perMinute: provider.perMinute,
    data: own.map(({ datum }) => datum),
  }
}
