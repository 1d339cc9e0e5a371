import {
  isWithin,
  MOST_ADDRESSES,
  parseRange,
  sizeOf,
  type Span,
  toIp,
} from '../../protocol/ranges.js'

/**
 * Where miners stand. A signed config cannot lead a collector out of these networks; somebody at the
 * machine itself can add others in edge.json.
 */
export const SITE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']

/** Where this collector may look at all. */
export class AllowList {
  readonly #spans: Span[]

  /** Addresses that both lists contain. What cannot be parsed allows nothing. */
  constructor(wanted: readonly string[], networks: readonly string[] = SITE_NETWORKS) {
    const inside = networks.flatMap((text) => parseRange(text) ?? [])
    this.#spans = wanted
      .flatMap((text) => parseRange(text) ?? [])
      .flatMap((span) => inside.flatMap((network) => overlap(span, network) ?? []))
  }

  isAllowed(ip: string): boolean {
    return isWithin(ip, this.#spans)
  }
}

function overlap(one: Span, other: Span): Span | null {
  const span = { first: Math.max(one.first, other.first), last: Math.min(one.last, other.last) }
  return span.first <= span.last ? span : null
}

/** Each address once, in an order that follows from the seed. Throws RangeError above the limit. */
export function addressesOf(spans: readonly Span[], seed: number): string[] {
  const total = spans.reduce((sum, span) => sum + sizeOf(span), 0)
  if (total > MOST_ADDRESSES) {
    throw new RangeError(`${total} addresses are more than the ${MOST_ADDRESSES} of one scan`)
  }
  const values = new Set<number>()
  for (const { first, last } of spans) for (let ip = first; ip <= last; ip++) values.add(ip)
  return shuffled([...values], seed).map(toIp)
}

/** Fisher-Yates with mulberry32. Neighbours share a switch: it is not to get all at once. */
function shuffled(values: number[], seed: number): number[] {
  const random = randomFrom(seed)
  for (let index = values.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[values[index], values[other]] = [values[other]!, values[index]!]
  }
  return values
}

/** Numbers from 0 to below 1 that follow from the seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The fewest networks that make up a span, as firewalls want them. */
export function networksOf({ first, last }: Span): string[] {
  const networks: string[] = []
  for (let ip = first; ip <= last;) {
    let size = 1
    while (ip % (size * 2) === 0 && ip + size * 2 - 1 <= last) size *= 2
    networks.push(`${toIp(ip)}/${32 - Math.log2(size)}`)
    ip += size
  }
  return networks
}
