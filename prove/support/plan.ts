import type { WayFault } from './chaos_proxy.js'

/** Whom it hits: one edge, or something that all share. */
export type Fault = { afterMs: number } & (
  | { kind: 'kill_portal' | 'kill_worker' | 'kill_database' }
  | { kind: 'kill_edge'; edge: number }
  | { kind: 'clock_jump'; edge: number; jumpMs: number }
  | { kind: 'disk_full'; edge: number; lastsMs: number }
  | { kind: WayFault; edge: number; lastsMs: number }
)

/** Mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How often each comes among the others. */
const WEIGHTS = {
  kill_portal: 3,
  kill_worker: 2,
  kill_database: 2,
  kill_edge: 5,
  clock_jump: 3,
  disk_full: 3,
  partition: 4,
  delay: 2,
  cut_request: 3,
  cut_answer: 4,
  duplicate: 4,
  truncate: 3,
  reorder: 3,
} as const
type Kind = keyof typeof WEIGHTS

interface Wish {
  seed: number
  faults: number
  edges: number
  /** The faults come within this time, milliseconds. */
  withinMs: number
  without?: readonly Kind[]
}

/** The same seed gives the same faults at the same times. Every kind comes once at least, if there is room. */
export function planOf({ seed, faults, edges, withinMs, without = [] }: Wish): Fault[] {
  const all = (Object.keys(WEIGHTS) as Kind[]).filter((kind) => !without.includes(kind))
  const deck = all.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind))
  const random = randomOf(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const kinds = Array.from({ length: faults }, (_, index) => all[index] ?? deck[pick(deck.length)]!)
  const shuffled = kinds
    .map((kind) => ({ kind, place: random() }))
    .sort((a, b) => a.place - b.place)
  return shuffled.map(({ kind }, index): Fault => {
    const afterMs = Math.round(((index + random()) / faults) * withinMs)
    const edge = pick(edges)
    const lastsMs = 400 + pick(2600)
    switch (kind) {
      case 'kill_portal':
      case 'kill_worker':
      case 'kill_database':
        return { kind, afterMs }
      case 'kill_edge':
        return { kind, afterMs, edge }
      case 'clock_jump':
        return { kind, afterMs, edge, jumpMs: (pick(2) === 0 ? -1 : 1) * (1000 + pick(3_600_000)) }
      default:
        return { kind, afterMs, edge, lastsMs }
    }
  })
}
