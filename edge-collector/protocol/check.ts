/**
 * Checks of untrusted values, without a package: the collector ships without dependencies, and the
 * portal checks tens of thousands of samples a second with these. A check gives null, or the reason
 * with the name of the field.
 */
export interface Fault {
  /** `samples.3.hashrate_ths`; empty for the value itself. */
  field: string
  reason:
    | 'missing'
    | 'not_a_number'
    | 'not_an_integer'
    | 'out_of_range'
    | 'not_text'
    | 'too_long'
    | 'not_allowed'
    | 'not_a_flag'
    | 'not_a_list'
    | 'too_many'
    | 'not_an_object'
    | 'bad_form'
}

export type Check = (value: unknown) => Fault | null

const fault = (reason: Fault['reason'], field = ''): Fault => ({ field, reason })
const NOT_A_NUMBER = fault('not_a_number')
const NOT_AN_INTEGER = fault('not_an_integer')
const OUT_OF_RANGE = fault('out_of_range')
const NOT_TEXT = fault('not_text')
const TOO_LONG = fault('too_long')
const NOT_ALLOWED = fault('not_allowed')
const NOT_A_FLAG = fault('not_a_flag')
const NOT_A_LIST = fault('not_a_list')
const TOO_MANY = fault('too_many')
const NOT_AN_OBJECT = fault('not_an_object')
const BAD_FORM = fault('bad_form')
const MISSING = fault('missing')

/** A finite number between both limits. */
export const number =
  (min: number, max: number): Check =>
  (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return NOT_A_NUMBER
    return value < min || value > max ? OUT_OF_RANGE : null
  }

/** A whole number that a double holds exactly. */
export const integer =
  (min: number, max: number): Check =>
  (value) => {
    if (typeof value !== 'number') return NOT_A_NUMBER
    if (!Number.isSafeInteger(value)) return NOT_AN_INTEGER
    return value < min || value > max ? OUT_OF_RANGE : null
  }

/** NUL and lone surrogates cannot be stored; the rest is shown escaped. */
// eslint-disable-next-line no-control-regex
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** Text of at most so many UTF-16 units, of a form when one is given. */
export const text =
  (max: number, form?: RegExp): Check =>
  (value) => {
    if (typeof value !== 'string') return NOT_TEXT
    if (value.length > max) return TOO_LONG
    if (form ? !form.test(value) : UNSTORABLE.test(value)) return BAD_FORM
    return null
  }

/** One of these words. */
export function oneOf(words: readonly (string | number)[]): Check {
  const known = new Set<unknown>(words)
  return (value) => (known.has(value) ? null : NOT_ALLOWED)
}

export const flag = (): Check => (value) => (typeof value === 'boolean' ? null : NOT_A_FLAG)

/** The value, null or nothing at all. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === null || value === undefined ? null : check(value)

const under = (name: string | number, { field, reason }: Fault): Fault => ({
  field: field === '' ? String(name) : `${name}.${field}`,
  reason,
})

/** A list of at most so many; the first fault of it is told. */
export const list =
  (check: Check, max: number): Check =>
  (value) => {
    if (!Array.isArray(value)) return NOT_A_LIST
    if (value.length > max) return TOO_MANY
    for (const [index, item] of value.entries()) {
      const found = check(item)
      if (found) return under(index, found)
    }
    return null
  }

/** An object with these fields. Others are ignored: a newer side may say more. */
export function object(fields: Record<string, Check>): Check {
  const entries = Object.entries(fields)
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT
    for (const [name, check] of entries) {
      const given = (value as Record<string, unknown>)[name]
      const found = check(given)
      // What is absent is missing, whatever its check calls it.
      if (found) return under(name, given === undefined ? MISSING : found)
    }
    return null
  }
}
