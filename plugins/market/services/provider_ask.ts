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
  const { feed } = state
  const ask = feed.ask(key, wish)
  const url = addressOf(state.baseUrl!, ask, key)
  const request = {
    url,
    allow: [URL.canParse(url) ? new URL(url).host : ''],
    mediaTypes: feed.isText ? ['text/plain'] : ['application/json'],
    headers: headersFor(state, key),
  }
  if (ask.json === undefined) return request
  return {
    ...request,
    method: 'POST' as const,
    headers: { ...request.headers, 'content-type': 'application/json' },
    body: JSON.stringify(ask.json),
  }
}

/** A key that is in the address is not sent a second time. */
function headersFor({ provider, baseUrl, etag, reading }: FeedState, key: string) {
  const isSent = key !== '' && !baseUrl!.includes('{key}')
  const isKnown = etag !== null && reading !== null
  return {
    ...(isSent ? provider.keyHeader?.(key) : {}),
    ...(isKnown ? { 'if-none-match': etag } : {}),
  }
}

function addressOf(baseUrl: string, { path, query }: Ask, key: string) {
  const base = baseUrl.replace('{key}', encodeURIComponent(key)).replace(/\/+$/, '')
  return base + path + (query ? `?${new URLSearchParams(query)}` : '')
}

async function outcomeOf(state: FeedState, answer: OutsideAnswer, now: Date): Promise<Outcome> {
  const { status, headers } = answer
  if (status === NOT_MODIFIED && state.reading) {
    return checked(state.reading, state, { ms: answer.ms, etag: state.etag }, now)
  }
  if (status !== 200) return statusFailure(answer, now)
  const parsed = parse(answer.text, state.feed.isText ?? false)
  if (parsed === undefined) return failed('not_json')
  const reading = await read(state, parsed)
  if ('ok' in reading) return reading
  return checked(reading, state, { ms: answer.ms, etag: headers.etag ?? null }, now)
}

/** Too often, or anything else that is no answer. */
function statusFailure({ status, headers }: OutsideAnswer, now: Date) {
  const retryAfter = headers['retry-after']
  const isTooOften = status === TOO_MANY || (status === UNAVAILABLE && retryAfter !== undefined)
  if (!isTooOften) return failed('http_status', String(status))
  return failed('rate_limited', String(status), pauseOf(retryAfter, now))
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

interface Envelope {
  ms: number
  etag: string | null
}

/** An answer without a number in it, or with one of another time, is none. */
function checked(reading: Reading, { datum }: FeedState, envelope: Envelope, now: Date): Outcome {
  const at = reading.at?.getTime() ?? now.getTime()
  if (!(Math.abs(now.getTime() - at) <= DATUM_RULES[datum].answerMaxAgeMs)) {
    return failed('outdated', Number.isNaN(at) ? null : new Date(at).toISOString())
  }
  if (isEmpty(reading)) return failed('no_value')
  return { ok: true, reading, ...envelope }
}

const isEmpty = ({ values = {}, candles, coins = [], epochs = [] }: Reading) =>
  !candles &&
  coins.length === 0 &&
  epochs.length === 0 &&
  !Object.values(values).some((one) => Number.isFinite(one))
