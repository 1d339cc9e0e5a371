import { color, ms } from './chart_words.js'

/** Events (bands, lines) and marks drawn on a chart, and the colour steps of a heatmap. */
export function notes(spec) {
  const label = (text, c) => ({
    text,
    orientation: 'horizontal',
    borderWidth: 0,
    textAnchor: 'start',
    offsetX: 4,
    style: { background: 'transparent', color: c, fontSize: '11px' },
  })
  return {
    xaxis: (spec.events ?? []).map((e) => {
      const c = color(e.kind ?? 'info', 0)
      return {
        x: ms(e.from),
        x2: e.to ? ms(e.to) : undefined,
        fillColor: c,
        opacity: 0.12,
        borderColor: c,
        strokeDashArray: e.to ? 0 : 3,
        label: label(e.label, c),
      }
    }),
    yaxis: (spec.marks ?? []).map((m) => {
      const c = color(m.kind ?? 'faint', 0)
      return {
        y: m.value,
        borderColor: c,
        strokeDashArray: 4,
        label: { ...label(m.label, c), position: 'left' },
      }
    }),
  }
}

/** A loss-to-profit scale: red, grey about zero, two greens; white figures keep 4.5 : 1 on each. */
export function steps(spec) {
  const values = spec.series
    .flatMap((s) => s.data.map((p) => (Array.isArray(p) ? p[1] : (p?.y ?? p))))
    .filter(Number.isFinite)
  const top = Math.max(...values.map(Math.abs), 1)
  const at = [-top - 1, -0.1 * top, 0.1 * top, 0.5 * top, top + 1]
  return ['#7d3340', '#3a4368', '#206b4c', '#157a54'].map((c, i) => ({
    from: at[i],
    to: at[i + 1],
    color: c,
  }))
}
