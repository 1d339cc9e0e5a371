/* View helpers for the Edge components. Register once: `registerUi(edge)` in start/view.ts. */
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { edgeGlobals } from 'edge.js'

const htmlSafe = edgeGlobals.html.safe

const dir = path.join(
  path.dirname(createRequire(import.meta.url).resolve('bootstrap-icons/package.json')),
  'icons'
)
const cache = new Map()

/** Body of a Bootstrap Icon, read once. An unknown name draws a plain dot instead of failing the page. */
function body(name) {
  if (!cache.has(name)) {
    const file = /^[a-z0-9-]+$/.test(name) && path.join(dir, `${name}.svg`)
    const svg =
      file && fs.existsSync(file)
        ? fs.readFileSync(file, 'utf8')
        : '<svg><circle cx="8" cy="8" r="3"/></svg>'
    cache.set(name, svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('<')).replace(/\s*\n\s*/g, ''))
  }
  return cache.get(name)
}

/** Inline icon for mustaches: {{ ico('bell') }} or {{ ico('bell', 'icon-lg') }}. Decorative unless a title is given. */
export function ico(name, classes = '', title = '') {
  const role = title ? `role="img" aria-label="${esc(title)}"` : 'aria-hidden="true"'
  return htmlSafe(
    `<svg class="icon ${esc(classes)}" viewBox="0 0 16 16" ${role}>${body(String(name))}</svg>`
  )
}

const esc = (s) => String(s ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const shapes = {
  good: 'check-circle-fill',
  warn: 'exclamation-triangle-fill',
  bad: 'x-octagon-fill',
  info: 'info-circle-fill',
}

/** State pill for mustaches, e.g. in a table cell: {{ pill('bad', 'offline') }}. */
export function pill(kind, label, icon = shapes[kind]) {
  return htmlSafe(
    `<span class="pill pill-${esc(kind ?? 'neutral')}">${icon ? ico(icon).value : ''}${esc(label)}</span>`
  )
}

const units = [
  ['year', 31536000],
  ['month', 2592000],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** Relative time for mustaches: {{ ago(row.seenAt) }}; "—" when there is none. The browser keeps it current (time.js says the same words). */
export function ago(value) {
  const iso = isoTime(value)
  if (!iso) return '—'
  const locale = this?.shell?.locale ?? this?.i18n?.locale ?? 'en'
  const s = Math.round((Date.parse(iso) - Date.now()) / 1000)
  const [unit, size] = units.find(([, n]) => Math.abs(s) >= n) ?? units[5]
  const text =
    Math.abs(s) < 2 && this?.t
      ? this.t('ui.just_now')
      : new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(Math.trunc(s / size), unit)
  return htmlSafe(`<time data-ago datetime="${iso}" title="${iso}">${esc(text)}</time>`)
}

/** JSON for a <script type="application/json">: no `<`, so it cannot close the element. */
export const jsonData = (value) =>
  htmlSafe(
    JSON.stringify(value ?? null).replace(
      /[<>&\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
    )
  )

/** Segments of sparkline points in a 120 × 30 box; null values leave a gap. */
export function sparkPoints(values) {
  const list = (values ?? []).map((v) =>
    v === null || v === undefined || v === '' ? null : Number(v)
  )
  const known = list.filter((v) => Number.isFinite(v))
  if (known.length < 2) return []
  const min = Math.min(...known)
  const span = Math.max(...known) - min || 1
  const runs = [[]]
  list.forEach((v, i) => {
    if (!Number.isFinite(v)) return void (runs.at(-1).length && runs.push([]))
    runs
      .at(-1)
      .push(
        `${((i * 120) / (list.length - 1)).toFixed(1)},${(27 - ((v - min) / span) * 24).toFixed(1)}`
      )
  })
  return runs.filter((r) => r.length > 1).map((r) => r.join(' '))
}

/** Rows for a chart's table: union of the x values, thinned to `limit`. Points are [x, y] or {x, y}; plain values use categories. */
export function seriesRows(series, categories, limit = 60) {
  const rows = new Map()
  ;(series ?? []).forEach((s, si) => {
    ;(s.data ?? []).forEach((p, i) => {
      const [x, y] = Array.isArray(p)
        ? p
        : p && typeof p === 'object'
          ? [p.x, p.y]
          : [categories?.[i] ?? i + 1, p]
      const key = x instanceof Date ? x.getTime() : x
      if (!rows.has(key)) rows.set(key, { x: key, y: series.map(() => null) })
      rows.get(key).y[si] = Array.isArray(y) ? y.join(' – ') : y
    })
  })
  const all = [...rows.values()]
  const step = Math.ceil(all.length / limit)
  return step > 1 ? all.filter((_, i) => i % step === 0 || i === all.length - 1) : all
}

/** Options in any of the shapes authors use: 'a', ['a','A'], {value,label,disabled}; also {a:'A'}. */
export function optionList(options) {
  if (options && !Array.isArray(options) && typeof options === 'object')
    return Object.entries(options).map(([value, label]) => ({ value, label }))
  return (options ?? []).map((o) =>
    Array.isArray(o)
      ? { value: o[0], label: o[1] }
      : o && typeof o === 'object'
        ? o
        : { value: o, label: o }
  )
}

/** A stable id from words, so morphs and labels agree between renders. */
export const idOf = (...parts) =>
  parts
    .filter((p) => p !== undefined && p !== null && p !== '')
    .join('-')
    .replace(/[^A-Za-z0-9_-]+/g, '-')

/** "2026-01-31T10:20" for datetime-local and "2026-01-31" for date, from Date, ISO text or Luxon. */
export function inputDate(value, type) {
  if (!value) return ''
  const iso =
    typeof value.toISO === 'function'
      ? value.toISO({ includeOffset: false })
      : value instanceof Date
        ? value.toISOString()
        : String(value)
  return type === 'date' ? iso.slice(0, 10) : iso.slice(0, 16)
}

/** ISO for <time datetime>, from Date, ISO text, epoch ms or Luxon. */
export function isoTime(value) {
  if (!value) return ''
  if (typeof value.toISO === 'function') return value.toUTC?.().toISO() ?? value.toISO()
  const d = value instanceof Date ? value : new Date(value)
  return Number.isNaN(d.getTime()) ? '' : d.toISOString()
}

export function registerUi(edge) {
  for (const [name, fn] of Object.entries({
    ico,
    pill,
    ago,
    jsonData,
    sparkPoints,
    seriesRows,
    optionList,
    idOf,
    inputDate,
    isoTime,
  }))
    edge.global(name, fn)
  return edge
}
