import { CountUp } from 'countup.js'
import { all, calm, locale, onContent } from './core.js'

/* [data-count] figures run from the value last shown on this page, only when it changed; the first paint is the server's text. */
const last = new Map()
onContent((root) => {
  for (const node of all(root, '[data-count]')) {
    const key = node.dataset.key || node.id
    const end = Number(node.dataset.count)
    const start = last.get(key)
    last.set(key, end)
    if (!Number.isFinite(end) || start === undefined || start === end || calm()) continue
    const final = node.textContent
    const probe = new Intl.NumberFormat(locale).formatToParts(12345.6)
    const part = (type, or) => probe.find((p) => p.type === type)?.value ?? or
    const run = new CountUp(node, end, {
      startVal: start,
      duration: 0.6,
      decimalPlaces: Number(node.dataset.decimals) || 0,
      separator: part('group', ','),
      decimal: part('decimal', '.'),
      prefix: node.dataset.prefix || '',
      onCompleteCallback: () => (node.textContent = final),
    })
    if (!run.error) run.start()
  }
})
