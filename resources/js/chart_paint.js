import { color, css } from './chart_words.js'
import { steps } from './chart_notes.js'

export const font = () => css('font').replaceAll('"', "'")

const seriesColor = (s, i) => (s.dashed && !s.color ? css('faint') : color(s.color, i))

export const colors = ({ spec, round, each }) =>
  round ? spec.categories?.map((_, i) => color(null, i)) : each(seriesColor)

export function stroke({ type, round, heat, each }) {
  if (round) return { width: 2, colors: [css('raised')] }
  const filled = type === 'bar' || heat
  return {
    width: filled ? 1 : each((s) => (s.dashed ? 1.4 : 2)),
    dashArray: each((s) => (s.dashed ? 5 : 0)),
    curve: 'straight',
    ...(filled ? { colors: [css('raised')] } : {}),
  }
}

export function fill({ spec, type, each }) {
  if (type !== 'area') return { type: 'solid', opacity: 1 }
  const opacity = spec.kind === 'stacked' ? 0.35 : 0.12
  return { type: 'solid', opacity: each((s) => (s.dashed ? 0 : opacity)) }
}

/** The colours a heatmap's values fall into: the spec's own, or loss to profit. */
function ranges({ spec, heat }) {
  if (!heat) return []
  if (!spec.ranges?.length) return steps(spec)
  return spec.ranges.map((r) => ({ ...r, color: color(r.color, 0) }))
}

export const plotOptions = (d) => ({
  bar: {
    horizontal: d.lying,
    borderRadius: 3,
    columnWidth: '70%',
    barHeight: '68%',
  },
  heatmap: {
    radius: 3,
    enableShades: false,
    colorScale: { ranges: ranges(d) },
  },
  pie: { donut: { size: '68%' } },
  radialBar: {
    track: { background: css('sunken') },
    hollow: { size: '64%' },
    dataLabels: {
      name: { color: css('muted'), fontSize: '13px' },
      value: {
        color: css('text'),
        fontSize: '22px',
        fontWeight: 680,
        formatter: (v) => d.say(Number(v)),
      },
    },
  },
})
