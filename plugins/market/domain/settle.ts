import type { SeriesRule } from './series_rules.js'

/** What one source says a value is. */
export interface Said {
  source: string
  value: number
}

export type Verdict = 'used' | 'agrees' | 'differs' | 'implausible' | 'absurd'

/** What one source said, and what became of it. */
export interface Judged extends Said {
  verdict: Verdict
}

export interface Settled {
  value: number
  /** Name of the source whose very value this is; of all that agree when several do. */
  source: string
  quality: 'agreed' | 'single' | 'disputed'
  /** Whether asking further sources could not make it better. */
  isFinal: boolean
  detail: Judged[]
}

export interface Unsettled {
  value: null
  detail: Judged[]
}

/** A value that was believed, and how long ago. */
export interface LastGood {
  value: number
  ageMs: number
}

interface Question {
  rule: SeriesRule
  last: LastGood | null
  /** How many sources must agree for a value to count as certain. */
  quorum: 1 | 2
}

const isAbsurd = ({ value }: Said, { min, max }: SeriesRule) =>
  !Number.isFinite(value) || value < min || value > max

/**
 * The value that stands after what sources said, in their order of preference. Two that agree win,
 * even over the last good value: a market may jump, and then a second source says so. A value that
 * nobody seconds must follow from the last good one. Where plausible sources contradict each other
 * it is the median of three or more, the first of two, and marked as disputed.
 */
export function settle(said: readonly Said[], question: Question): Settled | Unsettled {
  const { rule, last, quorum } = question
  const possible = said.filter((one) => !isAbsurd(one, rule))
  const follows = (one: Said) => !last || rule.follows(one.value, last.value, last.ageMs)
  const plausible = possible.filter(follows)
  const pair = firstPair(possible, rule)
  const isEnough = quorum === 1 && plausible.length > 0 && follows(possible[0]!)
  if (pair && !isEnough) return agreed(said, pair, question)
  const [first] = plausible
  if (!first) return { value: null, detail: said.map((one) => judge(one, question)) }
  const isDisputed = quorum === 2 && plausible.length > 1
  const chosen = isDisputed ? medianOrFirst(plausible) : first
  return {
    value: chosen.value,
    source: chosen.source,
    quality: isDisputed ? 'disputed' : 'single',
    isFinal: quorum === 1,
    detail: said.map((one) => judge(one, question, chosen)),
  }
}

function firstPair(said: readonly Said[], rule: SeriesRule): readonly [Said, Said] | null {
  for (const [index, one] of said.entries()) {
    const other = said.slice(index + 1).find(({ value }) => rule.agrees(one.value, value))
    if (other) return [one, other]
  }
  return null
}

function agreed(said: readonly Said[], [first, second]: readonly [Said, Said], question: Question) {
  const detail = said.map((one) => {
    if (one === first) return { ...one, verdict: 'used' as const }
    if (isAbsurd(one, question.rule)) return { ...one, verdict: 'absurd' as const }
    const agrees = one === second || question.rule.agrees(first.value, one.value)
    return { ...one, verdict: agrees ? ('agrees' as const) : ('differs' as const) }
  })
  const names = detail.filter(({ verdict }) => verdict === 'used' || verdict === 'agrees')
  return {
    value: first.value,
    source: names.map(({ source }) => source).join(', '),
    quality: 'agreed' as const,
    isFinal: true,
    detail,
  }
}

/** A value that a source really said: the middle one, the earlier in order of two middles. */
function medianOrFirst(said: readonly Said[]): Said {
  if (said.length < 3) return said[0]!
  const sorted = [...said].sort((a, b) => a.value - b.value)
  const low = sorted[Math.floor((sorted.length - 1) / 2)]!
  const high = sorted[Math.ceil((sorted.length - 1) / 2)]!
  return said.indexOf(low) <= said.indexOf(high) ? low : high
}

function judge(one: Said, { rule, last }: Question, chosen?: Said): Judged {
  if (isAbsurd(one, rule)) return { ...one, verdict: 'absurd' }
  if (last && !rule.follows(one.value, last.value, last.ageMs)) {
    return { ...one, verdict: 'implausible' }
  }
  return { ...one, verdict: one === chosen ? 'used' : 'differs' }
}
