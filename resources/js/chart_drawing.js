import { number, withUnit } from './chart_words.js'

const types = {
  line: 'line',
  area: 'area',
  bar: 'bar',
  column: 'bar',
  stacked: 'area',
  heatmap: 'heatmap',
  donut: 'donut',
  radial: 'radialBar',
}

/** One chart spec as every part of the options sees it. */
export function drawing(spec, height) {
  const type = types[spec.kind] ?? 'line'
  const round = type === 'donut' || type === 'radialBar'
  const format = number(spec)
  return {
    spec,
    height,
    type,
    round,
    heat: type === 'heatmap',
    // Horizontal bars: the categories stand on the left, the values run along the x axis.
    lying: spec.kind === 'bar',
    time: spec.xKind === 'time' && !round,
    format,
    say: withUnit(spec, format),
    each: (fn) => (round ? 0 : spec.series.map(fn)),
  }
}
