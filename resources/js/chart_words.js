import { locale } from './core.js'

export const css = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
const order = ['gold', 'info', 'teal', 'violet', 'good', 'warn', 'bad']
export const color = (name, i) =>
  name ? (name.startsWith('#') ? name : css(name)) : css(order[i % order.length])

export const number = (spec) => {
  const f = new Intl.NumberFormat(locale, {
    maximumFractionDigits: spec.decimals ?? 2,
    minimumFractionDigits: spec.decimals ?? 0,
  })
  return (v) => (v === null || v === undefined || Number.isNaN(v) ? '—' : f.format(v))
}
export const ticks = (spec) => {
  const f = new Intl.NumberFormat(locale, {
    maximumFractionDigits: spec.decimals ?? 2,
    notation: spec.compact ? 'compact' : 'standard',
  })
  const say = withUnit({ unit: spec.unit?.length <= 5 ? spec.unit : '' }, f.format)
  return (v) => (Number.isFinite(v) ? say(v) : '')
}
/** "$1,200" and "38.4 PH/s". */
export const withUnit =
  ({ unit }, fmt) =>
  (v) => {
    if (v === null || v === undefined) return '—'
    if (/^[$€£¥₿]$/.test(unit)) return (v < 0 ? '−' : '') + unit + fmt(Math.abs(v))
    return unit ? `${fmt(v)}\u00a0${unit}` : fmt(v)
  }
export const when = (zone, opts) =>
  new Intl.DateTimeFormat(locale, { timeZone: zone || undefined, ...opts })
export const ms = (x) => (typeof x === 'number' ? x : new Date(x).getTime())

function timeAxis(spec) {
  const xs = (spec.series ?? [])
    .flatMap((s) => [s.data?.[0], s.data?.at(-1)])
    .filter(Boolean)
    .map((p) => ms(Array.isArray(p) ? p[0] : p.x))
  const span = Math.max(...xs) - Math.min(...xs)
  const opts =
    span <= 2 * 864e5
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : span < 300 * 864e5
        ? { month: 'short', day: 'numeric' }
        : { year: 'numeric', month: 'short' }
  const f = when(spec.zone, opts)
  return (v) => (Number.isFinite(Number(v)) ? f.format(Number(v)) : '')
}

const axes = new WeakMap()
export const axis = (spec, v) => {
  if (!axes.has(spec)) axes.set(spec, timeAxis(spec))
  return axes.get(spec)(v)
}
