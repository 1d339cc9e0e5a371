import vine from '@vinejs/vine'
import type { Infer, SchemaTypes } from '@vinejs/vine/types'
import type { Datum } from '../domain/data.js'
import type { StoredSeries } from '../domain/series_kind.js'
import type { Span } from '../domain/candle_gaps.js'

/** One candle as a provider tells it; prices in US dollars or in the stablecoin that it names. */
export interface ToldCandle {
  atMs: number
  open: number
  high: number
  low: number
  close: number
  volume: number | null
}

/** One coin of a list, ready to be stored. */
export interface ToldCoin {
  tag: string
  name: string
  difficulty: number
  blockReward: number
  blockTimeS: number
  exchangeRateBtc: number
  profitRatio: number | null
}

/** When a difficulty epoch began, and at which difficulty. */
export interface ToldEpoch {
  firstHeight: number
  firstBlockMs: number
  difficulty: number
}

/** What an answer says, in the units of the portal. */
export interface Reading {
  values?: Partial<Record<StoredSeries, number | null>>
  candles?: ToldCandle[]
  coins?: ToldCoin[]
  epochs?: ToldEpoch[]
  /** When it was true, where the provider says so. */
  at?: Date
}

/** Which candles are wanted; only `candles` reads it. */
export interface Wish {
  span: Span
  fromMs: number
  spanMs: number
}

export interface Ask {
  /** After the base address of the provider, beginning with a slash. */
  path: string
  query?: Record<string, string>
  /** A JSON body makes it a POST. */
  json?: unknown
}

/** How one provider is asked for one datum: pure description, no request is made here. */
export interface Feed {
  /** What it can tell of the datum's series. */
  series?: readonly StoredSeries[]
  /** The name that values carry, where it is not that of the provider. */
  source?: string
  isText?: boolean
  /** How many candles come at once, at most. */
  page?: number
  /** `key` is empty where the provider has none. */
  ask(key: string, wish: Wish): Ask
  /** What comes back, validated; throws Vine's refusal when it has another shape. */
  read(answer: unknown): Promise<Reading>
}

/** `{key}` in the address stands for the key; `bearer` and `basic` send it as a header. */
export type KeyUse = 'none' | 'optional' | 'needed'

export interface Provider {
  name: string
  /** A proper name, the same in every language. */
  title: string
  /** Null where the operator must say which. */
  baseUrl: string | null
  keyUse: KeyUse
  /** Where the key goes; the feed puts it into its question unless given. */
  keyHeader?: (key: string) => Record<string, string>
  /** So many questions a minute, and at once, that the provider lets us ask. */
  perMinute: number
  burst: number
  feeds: Partial<Record<Datum, Feed>>
}

interface FeedOptions<S extends SchemaTypes> extends Omit<Feed, 'read'> {
  schema: S
  pick(answer: Infer<S>): Reading
}

/** A feed whose answer is checked by a schema before anybody looks at it. */
export function defineFeed<S extends SchemaTypes>({ schema, pick, ...feed }: FeedOptions<S>): Feed {
  const validator = vine.create(vine.object({ answer: schema }))
  return {
    ...feed,
    async read(answer) {
      const checked = (await validator.validate({ answer })) as { answer: Infer<S> }
      return pick(checked.answer)
    },
  }
}

/** A number, and not a text that looks like one. */
export const number = () => vine.number({ strict: true })

/** A decimal number in a text, as exchanges send them to lose no digit. */
export const decimal = () => vine.string().regex(/^\d{1,20}(\.\d{1,20})?$/)
