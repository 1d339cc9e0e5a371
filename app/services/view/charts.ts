type Point = [x: unknown, y: unknown] | { x: unknown; y: unknown } | number | null

interface Series {
  name: string
  data?: Point[]
}

interface ChartRow {
  x: unknown
  y: unknown[]
}

const numberOrNull = (value: unknown) =>
  value === null || value === undefined || value === '' ? null : Number(value)

/** Segments of a sparkline in a box of 120 × 30; missing values leave a gap. */
export function sparkPoints(values: unknown[] | null | undefined): string[] {
  const list = (values ?? []).map(numberOrNull)
  const known = list.filter((value): value is number => Number.isFinite(value))
  if (known.length < 2) return []
  const min = Math.min(...known)
  const span = Math.max(...known) - min || 1
  const runs: string[][] = [[]]
  for (const [index, value] of list.entries()) {
    if (value === null || !Number.isFinite(value)) runs.push([])
    else {
      const x = ((index * 120) / (list.length - 1)).toFixed(1)
      const y = (27 - ((value - min) / span) * 24).toFixed(1)
      runs.at(-1)!.push(`${x},${y}`)
    }
  }
  return runs.filter((run) => run.length > 1).map((run) => run.join(' '))
}

function split(point: Point, index: number, categories?: unknown[]): [unknown, unknown] {
  if (Array.isArray(point)) return point
  if (point && typeof point === 'object') return [point.x, point.y]
  return [categories?.[index] ?? index + 1, point]
}

/** Rows of a chart as a table: every x of any series, thinned to about `limit` rows. */
export function seriesRows(
  series: Series[] | null,
  categories?: unknown[],
  limit = 60
): ChartRow[] {
  const rows = new Map<unknown, ChartRow>()
  const list = series ?? []
  for (const [column, { data = [] }] of list.entries()) {
    for (const [index, point] of data.entries()) {
      const [x, y] = split(point, index, categories)
      const key = x instanceof Date ? x.getTime() : x
      const row = rows.get(key) ?? { x: key, y: list.map(() => null as unknown) }
      row.y[column] = Array.isArray(y) ? y.join(' – ') : y
      rows.set(key, row)
    }
  }
  const all = [...rows.values()]
  const step = Math.ceil(all.length / limit)
  return step > 1 ? all.filter((_, index) => index % step === 0 || index === all.length - 1) : all
}
