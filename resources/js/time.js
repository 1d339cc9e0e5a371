import { all, locale, onContent, texts, zone } from './core.js'

const near = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
const exact = new Intl.DateTimeFormat(locale, {
  dateStyle: 'medium',
  timeStyle: 'long',
  timeZone: zone,
})
const units = [
  ['year', 31536000],
  ['month', 2592000],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** "12 sec. ago", "in 3 min." for a Date. */
export function ago(date, now = Date.now()) {
  const s = Math.round((date.getTime() - now) / 1000)
  if (Math.abs(s) < 2) return texts.now
  const [unit, size] = units.find(([, n]) => Math.abs(s) >= n)
  return near.format(Math.trunc(s / size), unit)
}

function show(node) {
  const date = new Date(node.getAttribute('datetime'))
  if (Number.isNaN(date.getTime())) return
  node.title = exact.format(date)
  const text = node.hasAttribute('data-ago') ? ago(date) : exact.format(date)
  if (node.textContent !== text) node.textContent = text
}

onContent((root) => all(root, 'time[data-ago], time[data-local]').forEach(show))
setInterval(
  () => document.hidden || document.querySelectorAll('time[data-ago]').forEach(show),
  10000
)
