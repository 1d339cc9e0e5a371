/** The box that the line is drawn in; the page stretches it. */
export const BOX = { width: 400, height: 96 } as const

const MARGIN = 4

/**
 * A price history as the points of an SVG polyline, on a logarithmic scale: equal heights are equal
 * factors, so that a decade fits. Null for fewer than two points.
 */
export function priceLine(points: readonly (readonly [at: number, value: number])[]) {
  const drawn = points.filter(([, value]) => value > 0)
  if (drawn.length < 2) return null
  const times = drawn.map(([at]) => at)
  const logs = drawn.map(([, value]) => Math.log(value))
  const [from, to] = [times[0]!, times.at(-1)!]
  const [low, high] = [Math.min(...logs), Math.max(...logs)]
  const x = (at: number) => ((at - from) / (to - from || 1)) * BOX.width
  const y = (log: number) =>
    BOX.height - MARGIN - ((log - low) / (high - low || 1)) * (BOX.height - 2 * MARGIN)
  const line = drawn.map(([at], index) => `${short(x(at))},${short(y(logs[index]!))}`).join(' ')
  return { line, from: new Date(from), to: new Date(to) }
}

/** A tenth of a unit is less than a pixel. */
const short = (value: number) => String(Math.round(value * 10) / 10)
