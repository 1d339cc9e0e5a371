/** A difficulty that held for some time. */
export interface Run {
  from: number
  to: number
  value: number
}

export interface KnownEpoch {
  firstBlockAt: number | null
  difficulty: number
}

/** Daily figures are printed with other roundings from day to day. */
const SAME = 1e-9
const DAY_MS = 86_400_000

/** Epochs whose begin and end are known, as runs. `epochs` go in order, one after the other. */
export function runsOfEpochs(epochs: readonly KnownEpoch[]): Run[] {
  return epochs.flatMap(({ firstBlockAt, difficulty }, index) => {
    const end = epochs[index + 1]?.firstBlockAt ?? null
    return firstBlockAt === null || end === null
      ? []
      : [{ from: firstBlockAt, to: end, value: difficulty }]
  })
}

/** Points of a series as runs of the same value; a pause longer than `maxGapMs` ends a run. */
export function runsOfPoints(points: readonly (readonly [number, number])[], maxGapMs: number) {
  const runs: Run[] = []
  for (const [at, value] of points) {
    const last = runs.at(-1)
    const follows = last !== undefined && at - last.to <= maxGapMs
    if (follows && Math.abs(value / last.value - 1) <= SAME) {
      last.to = at
      continue
    }
    // A daily value stands for its day: it holds until the next one is there.
    if (follows) last.to = at
    runs.push({ from: at, to: at, value })
  }
  return runs
}

/**
 * The steps of the difficulty: by the chain's own times as far as they are known, after that by
 * what was stored day by day (where the day of a retarget is a mean of two).
 */
export function mergeRuns(exact: readonly Run[], seen: readonly Run[]): Run[] {
  const known = exact.at(-1)?.to ?? Number.NEGATIVE_INFINITY
  const rest = seen
    .filter(({ to }) => to > known)
    .map((run) => ({ ...run, from: Math.max(run.from, known) }))
  return [...exact, ...rest]
}

/** Runs as the corners of a line with vertical steps; null where nothing is stored in between. */
export function corners(
  runs: readonly Run[],
  [from, to]: readonly [number, number]
): [number, number | null][] {
  const line: [number, number | null][] = []
  let end: number | null = null
  for (const run of runs) {
    if (run.to < from || run.from > to) continue
    const begin = Math.max(run.from, from)
    if (end !== null && begin - end > DAY_MS * 1.5) line.push([end + 1, null])
    line.push([begin, run.value])
    const last = Math.min(run.to, to)
    if (last > begin) line.push([last, run.value])
    end = last
  }
  return line
}
