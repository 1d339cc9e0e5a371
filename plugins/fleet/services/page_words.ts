import type { I18n } from '@adonisjs/i18n'
import { stateKind } from './page_states.js'

/** A value as it is shown: the digits, and the unit that gives few of them. */
export interface Figure {
  value: string
  unit: string
}

type Step = readonly [above: number, per: number, unit: string]

const HASHRATE: readonly Step[] = [
  [1e6, 1e6, 'EH/s'],
  [1e3, 1e3, 'PH/s'],
  [1, 1, 'TH/s'],
  [0, 1e-3, 'GH/s'],
]
const POWER: readonly Step[] = [
  [1e6, 1e6, 'MW'],
  [1e3, 1e3, 'kW'],
  [0, 1, 'W'],
]
const BYTES: readonly Step[] = [
  [2 ** 40, 2 ** 40, 'TiB'],
  [2 ** 30, 2 ** 30, 'GiB'],
  [2 ** 20, 2 ** 20, 'MiB'],
  [2 ** 10, 2 ** 10, 'KiB'],
  [0, 1, 'B'],
]

/** Parts of a key before the code: `fleet.state.online`. */
const FIXED = 2

type Maybe = number | null | undefined

const numbers = new Map<string, Intl.NumberFormat>()

function formatFor(locale: string, least: number, most: number) {
  const key = `${locale}:${least}:${most}`
  const known =
    numbers.get(key) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most })
  numbers.set(key, known)
  return known
}

/** Three digits that count, four before the point: 1.23, 12.3, 123, 1,234. */
const digitsFor = (value: number) => (value < 10 ? 2 : value < 100 ? 1 : 0)

/** Figures of the fleet in the language of a person. What is missing stays null. */
export function wordsOf(i18n: I18n) {
  const { locale } = i18n
  const number = (value: Maybe, digits = 0) =>
    value === null || value === undefined
      ? null
      : formatFor(locale, digits, digits).format(Number(value))
  const stepped = (value: Maybe, steps: readonly Step[], whole = false): Figure | null => {
    if (value === null || value === undefined) return null
    const [, per, unit] = steps.find(([above]) => Math.abs(value) >= above)!
    const shown = value / per
    const digits = (whole && per === 1) || shown === 0 ? 0 : digitsFor(Math.abs(shown))
    return { value: number(shown, digits)!, unit }
  }
  const joined = (figure: Figure | null) => (figure ? `${figure.value} ${figure.unit}` : null)
  const hashrate = (ths: Maybe) => stepped(ths, HASHRATE)
  const power = (watts: Maybe) => stepped(watts, POWER, true)
  const bytes = (count: Maybe) => stepped(count, BYTES, true)
  // A map names the states of thousands of miners.
  const codes = new Map<string, string>()
  const codeText = (key: string) =>
    i18n.hasMessage(key) ? i18n.t(key) : key.split('.').slice(FIXED).join('.')
  return {
    t: (key: string, args?: Record<string, string | number>) => i18n.t(key, args),
    /** A code of a machine in words; what no text knows is shown as it came. */
    code: (key: string) => {
      const text = codes.get(key) ?? codeText(key)
      codes.set(key, text)
      return text
    },
    stateKind,
    number,
    hashrate,
    power,
    bytes,
    hashrateText: (ths: Maybe) => joined(hashrate(ths)),
    powerText: (watts: Maybe) => joined(power(watts)),
    bytesText: (count: Maybe) => joined(bytes(count)),
    pct: (value: Maybe, digits = 1) => {
      const text = number(value, digits)
      return text === null ? null : `${text} %`
    },
    duration: (seconds: Maybe) => durationText(seconds, i18n),
  }
}

const SPANS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const

function durationText(seconds: Maybe, i18n: I18n) {
  if (seconds === null || seconds === undefined) return null
  const [unit, size] = SPANS.find(([, span]) => Math.abs(seconds) >= span) ?? SPANS[3]
  return i18n.t(`fleet.span.${unit}`, { count: Math.floor(seconds / size) })
}

export type Words = ReturnType<typeof wordsOf>
