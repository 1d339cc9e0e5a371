import { errors as vineErrors } from '@vinejs/vine'
import { askOutside, type OutsideAnswer, OutsideRefusal } from '#core/outside'
import type { OutsideReason } from '#core/outside'
import { DATUM_RULES } from '../domain/data.js'
import type { Ask, Reading, Wish } from '../providers/adapter.js'
import { type FeedState, keyOf } from './provider_state.js'

/** Why an answer is none: of the wire, or of what came over it. */
export type AskError =
  | OutsideReason
  | 'rate_limited'
  | 'http_status'
  | 'not_json'
  | 'schema'
  | 'no_value'
  | 'outdated'
  | 'key_unreadable'

export interface Answered {
  ok: true
  reading: Reading
  ms: number
  etag: string | null
}

export interface NotAnswered {
  ok: false
  error: AskError
  /** What it was in detail; never a secret. */
  detail: string | null
  /** How long the host wants to be left alone, where it said that it was asked too often. */
  pauseMs: number | null
}

export type Outcome = Answered | NotAnswered

const TOO_MANY = 429
const UNAVAILABLE = 503
const NOT_MODIFIED = 304
const PAUSE_MS = 60_000
const LONGEST_PAUSE_MS = 3_600_000

const failed = (error: AskError, detail: string | null = null, pauseMs: number | null = null) =>
  ({ ok: false, error, detail, pauseMs }) as const

/**
 * Asks one provider once and reads its answer: status, schema, age, units. It judges no value and
 * writes nothing. Candles are never asked for by ETag, since each question is another one.
 */
export async function askFeed(state: FeedState, wish: Wish, now: Date): Promise<Outcome> {
  const key = keyOf(state)
  if (key === null) return failed('key_unreadable')
  try {
    const answer = await askOutside(requestFor(state, key, wish))
    return await outcomeOf(state, answer, now)
  } catch (error) {
    if (error instanceof OutsideRefusal) return failed(error.reason, error.host)
    throw error
  }
}

function requestFor(state: FeedState, key: string, wish: Wish) {
  const { provider, feed } = state
  const ask = feed.ask(key, wish)
  const url = addressOf(state.baseUrl!, ask, key)
  const isKeyInUrl = state.baseUrl!.includes('{key}')
  return {
    url,
    allow: [URL.canParse(url) ? new URL(url).host : ''],
    method: ask.json === undefined ? ('GET' as const) : ('POST' as const),
    mediaTypes: feed.isText ? ['text/plain'] : ['application/json'],
    headers: {
      ...(ask.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key && !isKeyInUrl ? provider.keyHeader?.(key) : {}),
      ...(state.etag && state.reading ? { 'if-none-match': state.etag } : {}),
    },
    ...(ask.json === undefined ? {} : { body: JSON.stringify(ask.json) }),
  }
}

function addressOf(baseUrl: string, { path, query }: Ask, key: string) {
  const base = baseUrl.replace('{key}', encodeURIComponent(key)).replace(/\/+$/, '')
  return base + path + (query ? `?${new URLSearchParams(query)}` : '')
}

async function outcomeOf(state: FeedState, answer: OutsideAnswer, now: Date): Promise<Outcome> {
  const { status, headers } = answer
  if (status === TOO_MANY || (status === UNAVAILABLE && headers['retry-after'])) {
    return failed('rate_limited', String(status), pauseOf(headers['retry-after'], now))
  }
  if (status === NOT_MODIFIED && state.reading) {
    return checked(state.reading, state, { ...answer, headers: { etag: state.etag ?? '' } }, now)
  }
  if (status !== 200) return failed('http_status', String(status))
  const parsed = parse(answer.text, state.feed.isText ?? false)
  if (parsed === undefined) return failed('not_json')
  const reading = await read(state, parsed)
  if ('ok' in reading) return reading
  return checked(reading, state, answer, now)
}

/** What the host asks for, in seconds or as a date; a minute unless it says, an hour at most. */
function pauseOf(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  return Number.isNaN(ms) ? PAUSE_MS : Math.min(Math.max(ms, 1000), LONGEST_PAUSE_MS)
}

function parse(text: string, isText: boolean): unknown {
  if (isText) return text.trim()
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function read({ feed }: FeedState, answer: unknown): Promise<Reading | NotAnswered> {
  try {
    return await feed.read(answer)
  } catch (error) {
    if (!(error instanceof vineErrors.E_VALIDATION_ERROR)) throw error
    const [first] = error.messages as { field: string; rule: string }[]
    return failed(
      'schema',
      first ? `${first.field.replace(/^answer\.?/, '') || '.'}: ${first.rule}` : null
    )
  }
}

/** An answer without a number in it, or with one of another time, is none. */
function checked(reading: Reading, state: FeedState, answer: OutsideAnswer, now: Date): Outcome {
  const { answerMaxAgeMs } = DATUM_RULES[state.datum]
  const ageMs = reading.at ? now.getTime() - reading.at.getTime() : 0
  if (Number.isNaN(ageMs) || Math.abs(ageMs) > answerMaxAgeMs) {
    return failed('outdated', reading.at && !Number.isNaN(ageMs) ? reading.at.toISOString() : null)
  }
  const numbers = Object.values(reading.values ?? {}).filter((value) => Number.isFinite(value))
  const isEmpty = numbers.length === 0 && !reading.candles && !reading.coins?.length
  if (isEmpty) return failed('no_value')
  const etag = answer.headers.etag ?? null
  return { ok: true, reading, ms: answer.ms, etag }
}
