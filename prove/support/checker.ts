import { keyOf, thsAt, timeOf, wattsAt, type EdgeOrder } from './edge_story.js'
import type { Ledger } from './journal.js'

/** A row of the portal's raw layer, as the proof reads it. */
export interface StoredRow {
  key: string
  /** Milliseconds since 1970. */
  at: number
  tick: number
  wattageW: number
  hashrateThs: number
}

/** What the portal should have, against what it has. Classes of a queue's checker (Jepsen). */
export interface Findings {
  /** Stored at the edge, not with the portal. */
  lost: number
  /** With the portal, and no edge ever read it, or not so. */
  unexpected: number
  /** With the portal more than once. */
  duplicated: number
  /** Begun at the edge when it was killed; some of them arrived all the same. */
  recovered: number
  samples: number
  wattsSum: number
  thsSum: number
}

export const nothing = (): Findings => ({
  lost: 0,
  unexpected: 0,
  duplicated: 0,
  recovered: 0,
  samples: 0,
  wattsSum: 0,
  thsSum: 0,
})

const isRight = (order: EdgeOrder, miner: number, row: StoredRow): boolean =>
  row.at === timeOf(order, row.tick) &&
  row.wattageW === wattsAt(order.edge, miner, row.tick) &&
  row.hashrateThs === thsAt(order.edge, miner, row.tick)

/** Compares one edge's own word with the rows of its miners. */
export function check(order: EdgeOrder, ledger: Ledger, rows: readonly StoredRow[]): Findings {
  const found = nothing()
  const miners = new Map(
    Array.from({ length: order.miners }, (_, miner) => [keyOf(order.edge, miner), miner])
  )
  const seen = new Set<string>()
  for (const row of rows) {
    const miner = miners.get(row.key)
    const id = `${row.key} ${row.tick}`
    if (miner === undefined || !ledger.begun.has(row.tick)) found.unexpected += 1
    else if (seen.has(id)) found.duplicated += 1
    else if (!isRight(order, miner, row)) found.unexpected += 1
    else {
      seen.add(id)
      if (!ledger.stored.has(row.tick)) found.recovered += 1
      found.samples += 1
      found.wattsSum += row.wattageW
      found.thsSum += row.hashrateThs
    }
  }
  for (const tick of ledger.stored) {
    for (const key of miners.keys()) if (!seen.has(`${key} ${tick}`)) found.lost += 1
  }
  return found
}

/** Sums over edges. */
export function together(all: readonly Findings[]): Findings {
  const sum = nothing()
  for (const one of all) {
    for (const name of Object.keys(sum) as (keyof Findings)[]) sum[name] += one[name]
  }
  return sum
}

/** Watt-hours of readings by the trapezoid rule, over gaps of at most this many milliseconds. */
export function energyWh(rows: readonly StoredRow[], maxGapMs: number): number {
  const byMiner = Map.groupBy(rows, ({ key }) => key)
  let sum = 0
  for (const list of byMiner.values()) {
    const sorted = list.toSorted((a, b) => a.at - b.at)
    for (const [index, row] of sorted.entries()) {
      const next = sorted[index + 1]
      const gapMs = next ? next.at - row.at : 0
      if (next && gapMs > 0 && gapMs <= maxGapMs) {
        sum += ((row.wattageW + next.wattageW) / 2) * (gapMs / 3_600_000)
      }
    }
  }
  return sum
}
