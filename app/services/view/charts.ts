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

/**
 * Segments of a sparkline in a box of 120 × 30; missing values leave a gap. It begins at the least
 * of the values, or at `floor` where that is less: at 0 for what should not look wilder than it is.
 */
export function sparkPoints(values: unknown[] | null | undefined, floor = Infinity): string[] {
  const list = (values ?? []).map(numberOrNull)
  const known = list.filter((value): value is number => Number.isFinite(value))
  if (known.length < 2) return []
  const min = Math.min(floor, ...known)
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

/** The colour step of a heat table: n2 deep loss, n1, 0 about nothing, p1 to p3 gain. */
export function heatStep(value: number | null, top: number) {
  if (value === null || !Number.isFinite(value)) return '0'
  const share = value / top
  if (Math.abs(share) < 0.04) return '0'
  if (share < 0) return share < -0.3 ? 'n2' : 'n1'
  return share > 0.6 ? 'p3' : share > 0.25 ? 'p2' : 'p1'
}

/** The two bars of a tornado's row in a box of 200: from the middle to the change that they show. */
export function tornadoBars({ low, high }: { low: number; high: number }, reach: number) {
  const bar = (side: 'low' | 'high', change: number) => {
    const width = Math.abs(change / reach) * 98
    const x = change < 0 ? 100 - width : 100
    return { side, x: x.toFixed(2), width: width.toFixed(2) }
  }
  return [bar('low', low), bar('high', high)]
}
