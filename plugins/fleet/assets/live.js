/* Parts of pages that keep themselves up to date: see services/page_live.ts. */
const EVERY_MS = 10_000

/** Not while the page is hidden, and not under somebody who is typing or choosing in it. */
const isBusy = (part) =>
  part.matches(':has(dialog[open], details.menu[open])') ||
  part.contains(document.activeElement?.closest?.('input, select, textarea'))

function refresh() {
  if (document.hidden) return
  for (const part of document.querySelectorAll('[data-live]')) {
    if (!isBusy(part)) part.dispatchEvent(new CustomEvent('fleet:refresh'))
  }
}

setInterval(refresh, EVERY_MS)
document.addEventListener('visibilitychange', refresh)
