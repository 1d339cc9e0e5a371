import type { DateTime } from 'luxon'
import { edgeGlobals } from 'edge.js'
import { escapeHtml } from '#services/view/marks'

type Moment = Date | DateTime | string | number | null | undefined

const isLuxon = (value: Moment): value is DateTime =>
  typeof (value as DateTime | undefined)?.toISO === 'function'

/** ISO 8601 in UTC for `<time datetime>`; an empty text for what is no time. */
export function isoTime(value: Moment): string {
  if (!value) return ''
  if (isLuxon(value)) return value.toUTC().toISO() ?? ''
  const date = value instanceof Date ? value : new Date(value)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

interface ViewState {
  shell?: { locale?: string }
  t?: (key: string) => string
}

/** "3 min. ago" with the exact time on hover; the browser keeps it current with the same words. */
export function ago(this: ViewState | undefined, value: Moment) {
  const iso = isoTime(value)
  if (!iso) return '—'
  const seconds = Math.round((Date.parse(iso) - Date.now()) / 1000)
  const text = Math.abs(seconds) < 2 && this?.t ? this.t('ui.just_now') : relative(seconds, this)
  const html = `<time data-ago datetime="${iso}" title="${iso}">${escapeHtml(text)}</time>`
  return edgeGlobals.html.safe(html)
}

function relative(seconds: number, state: ViewState | undefined) {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[5]
  const format = new Intl.RelativeTimeFormat(state?.shell?.locale ?? 'en', { style: 'short' })
  return format.format(Math.trunc(seconds / size), unit)
}

/** "2026-01-31T10:20" for datetime-local and "2026-01-31" for date inputs. */
export function inputDate(value: Moment, type: string) {
  if (!value) return ''
  const local = isLuxon(value) ? value.toISO({ includeOffset: false }) : null
  const iso = local ?? (value instanceof Date ? value.toISOString() : String(value))
  return type === 'date' ? iso.slice(0, 10) : iso.slice(0, 16)
}
