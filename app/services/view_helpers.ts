import { current } from '#core/current'
import { heatStep, seriesRows, sparkPoints, tornadoBars } from '#services/view/charts'
import { ico, idOf, jsonData, optionList, pill } from '#services/view/marks'
import { ago, inputDate, isoTime } from '#services/view/times'

const formats = new Map<string, Intl.NumberFormat>()

function formatFor(locale: string, options: Intl.NumberFormatOptions) {
  const key = `${locale}${JSON.stringify(options)}`
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options)
  formats.set(key, known)
  return known
}

/** Formats a figure in the person's language; null stays null so that views show it as missing. */
export function formatNumber(
  value: number | null | undefined,
  locale: string,
  options: Intl.NumberFormatOptions = {}
) {
  return value === null || value === undefined ? null : formatFor(locale, options).format(value)
}

const OLD_AFTER_MS = 36 * 3_600_000

/** Whether a value is fresh enough to trust at a glance, by the time it was true. */
export const freshness = (at: string | Date, oldAfterMs = OLD_AFTER_MS) =>
  Date.now() - new Date(at).getTime() > oldAfterMs ? 'old' : 'fresh'

interface ViewTexts {
  t: (key: string, args?: object, fallback?: string) => string
}

/** What an event is called: `core.site.created` by its key `core.event.site.created`. */
export function eventLabel(this: ViewTexts, name: string) {
  const dot = name.indexOf('.')
  return this.t(`${name.slice(0, dot)}.event.${name.slice(dot + 1)}`, {}, name)
}

/** Whether the current actor holds a permission, so that a view offers only what they may do. */
export const may = (permission: string) => current.can(permission)

/** Helpers that every view may use. */
export const viewHelpers = {
  may,
  formatNumber,
  freshness,
  eventLabel,
  ico,
  pill,
  ago,
  jsonData,
  sparkPoints,
  seriesRows,
  heatStep,
  tornadoBars,
  optionList,
  idOf,
  inputDate,
  isoTime,
}
