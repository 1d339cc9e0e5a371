/*
 * Parts of pages that keep themselves up to date (data-live names what they listen to): a stream
 * says that something changed, the part asks for itself again. Where no stream comes through, a
 * clock does it. Nothing happens while the page is hidden.
 */
import { onContent, texts } from './core.js'

const CLOCK_MS = 10_000
/** Ages on the page grow although nothing changes. */
const IDLE_MS = 60_000
const LEAST_MS = 1000
const LONGEST_WAIT_MS = 60_000

let source = null
let listened = ''
let isOpen = false
let failures = 0
let retry
const due = new Map()
const last = new WeakMap()

const parts = () => [...document.querySelectorAll('[data-live]')]
const topics = () => [...new Set(parts().map((part) => part.dataset.live))].sort().join(',')

/** Not under somebody who is typing or choosing in it. */
const isBusy = (part) =>
  part.matches(':has(dialog[open], details.menu[open])') ||
  part.contains(document.activeElement?.closest?.('input, select, textarea'))

function refresh(part) {
  if (document.hidden || !part.isConnected || isBusy(part)) return
  last.set(part, Date.now())
  part.dispatchEvent(new CustomEvent('live:refresh'))
}

/** Many news within a second are one. */
function refreshSoon(topic) {
  if (due.has(topic)) return
  const wait = Math.max(0, ...parts().map((part) => (last.get(part) ?? 0) + LEAST_MS - Date.now()))
  due.set(
    topic,
    setTimeout(() => {
      due.delete(topic)
      for (const part of parts()) if (part.dataset.live === topic) refresh(part)
    }, wait)
  )
}

const refreshAll = () => parts().forEach(refresh)

function show() {
  const word = isOpen ? 'on' : failures > 0 ? 'off' : 'wait'
  for (const sign of document.querySelectorAll('[data-live-sign]')) {
    if (sign.dataset.liveSign === word && sign.textContent) continue
    sign.dataset.liveSign = word
    sign.textContent = texts[`live_${word}`] ?? ''
  }
}

function close() {
  clearTimeout(retry)
  source?.close()
  source = null
  isOpen = false
}

/** Another stream; the one before goes on until this one hears. */
function open() {
  clearTimeout(retry)
  listened = topics()
  if (!listened || document.hidden) return close()
  const before = source
  const mine = new EventSource(`/live?of=${encodeURIComponent(listened)}`)
  source = mine
  mine.addEventListener('open', () => {
    before?.close()
    const wasAway = failures > 0
    isOpen = true
    failures = 0
    show()
    if (wasAway) refreshAll()
  })
  mine.addEventListener('gap', refreshAll)
  mine.addEventListener('renew', () => source === mine && open())
  for (const topic of listened.split(',')) mine.addEventListener(topic, () => refreshSoon(topic))
  mine.addEventListener('error', () => failed(mine, before))
}

function failed(mine, before) {
  before?.close()
  if (source !== mine) return
  isOpen = false
  failures += 1
  // The browser itself comes again after a cut, not after a refusal.
  if (mine.readyState === EventSource.CLOSED) {
    retry = setTimeout(open, Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures))
  }
  show()
}

setInterval(() => {
  const age = isOpen ? IDLE_MS : CLOCK_MS
  for (const part of parts()) if (Date.now() - (last.get(part) ?? 0) >= age) refresh(part)
}, CLOCK_MS / 2)

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return close()
  refreshAll()
  open()
})

onContent(() => {
  for (const part of parts()) if (!last.has(part)) last.set(part, Date.now())
  show()
  if (topics() !== listened) open()
})
