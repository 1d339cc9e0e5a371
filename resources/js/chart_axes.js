import { axis, css, ticks } from './chart_words.js'

function scale({ spec, time }) {
  if (time) return 'datetime'
  return spec.xKind === 'number' ? 'numeric' : 'category'
}

function xWords({ spec, time, lying }) {
  if (time) return (v, ts) => axis(spec, ts ?? v)
  return lying ? ticks(spec) : undefined
}

export const xaxis = (d) => ({
  type: scale(d),
  decimalsInFloat: d.spec.xDecimals,
  categories: d.round || d.time ? undefined : d.spec.categories,
  labels: {
    formatter: xWords(d),
    style: { fontSize: '12px' },
    hideOverlappingLabels: true,
    rotate: 0,
    trim: true,
  },
  axisBorder: { show: false },
  axisTicks: { show: false },
  tooltip: { enabled: false },
  crosshairs: { show: true, stroke: { color: css('faint'), dashArray: 3 } },
})

export function yaxis({ spec, height, round, heat, lying }) {
  if (round) return {}
  return {
    min: spec.min ?? undefined,
    max: spec.max ?? undefined,
    logarithmic: spec.log || undefined,
    forceNiceScale: true,
    tickAmount: height < 200 ? 3 : 4,
    labels: {
      formatter: lying || heat ? (v) => v : ticks(spec),
      minWidth: 40,
      style: { fontSize: '12px' },
    },
  }
}

export const grid = ({ round, lying }) => ({
  borderColor: '#2f3553',
  padding: round ? { top: 4, bottom: 4 } : { left: 8, right: 12, top: -14, bottom: 0 },
  xaxis: { lines: { show: lying } },
})
