import ApexCharts from 'apexcharts'
import { all, calm, texts } from './core.js'
import { options } from './chart_options.js'

const heights = { sm: 150, md: 240, lg: 340 }
const live = new WeakMap()

/** ApexCharts merges deeply and trips over explicit undefined. */
const clean = (o) => {
  for (const k of Object.keys(o)) {
    if (o[k] === undefined) delete o[k]
    else if (o[k]?.constructor === Object) clean(o[k])
  }
  return o
}

/** Draws every [data-chart] under root that is not drawn yet, when it comes near the screen. */
export function drawAll(root = document) {
  for (const node of all(root, '[data-chart]')) if (!live.has(node)) near.observe(node)
}
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue
      near.unobserve(entry.target)
      draw(entry.target)
    }
  },
  { rootMargin: '300px' }
)

addEventListener('beforeprint', () =>
  document.querySelectorAll('[data-chart]').forEach((node) => draw(node))
)

/** The spec stands beside the drawn node, which morphs leave alone. */
const specOf = (node) =>
  node.parentElement?.querySelector('script[data-chart-spec]')?.textContent ?? ''

const drawnFrom = new WeakMap()

/** Draws a chart again whose figures came anew by htmx; those that are the same stay untouched. */
function refresh() {
  for (const node of document.querySelectorAll('[data-chart][data-drawn]')) {
    if (drawnFrom.get(node) === specOf(node)) continue
    live.get(node)?.destroy()
    live.delete(node)
    draw(node, { still: true })
  }
}
document.addEventListener('htmx:after:swap', refresh)

async function draw(node, { still = calm() } = {}) {
  if (live.has(node)) return
  live.set(node, null)
  try {
    const text = specOf(node)
    drawnFrom.set(node, text)
    const opts = clean(options(JSON.parse(text), heights[node.dataset.height] ?? 240))
    if (!still)
      opts.chart.animations = {
        enabled: true,
        speed: 180,
        animateGradually: { enabled: false },
        dynamicAnimation: { enabled: true, speed: 160 },
      }
    const chart = new ApexCharts(node, opts)
    live.set(node, chart)
    node.querySelector('.chart-fallback')?.remove()
    await chart.render()
    node.dataset.drawn = 'true'
  } catch (error) {
    console.error(error)
    node.textContent = texts.chartFailed
  }
}

document.addEventListener('htmx:before:cleanup', (e) => {
  if (e.target instanceof Element)
    for (const node of all(e.target, '[data-chart]')) live.get(node)?.destroy?.()
})
/** Back to the whole range, for the chart and those that zoom with it. */
function resetZoom(reset) {
  const mine = live.get(reset.closest('.card').querySelector('[data-chart]'))
  const { group } = mine.w.config.chart
  for (const node of document.querySelectorAll('[data-chart]')) {
    const chart = live.get(node)
    if (chart === mine || (group && chart?.w?.config.chart.group === group)) chart.resetSeries()
  }
  reset.hidden = true
}

/** The same figures as a table in the chart's place, and back. */
function toggleTable(button) {
  const on = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', String(on))
  const table = document.getElementById(button.getAttribute('aria-controls'))
  table.hidden = !on
  const box = table.parentElement.querySelector('.chart-box')
  if (box) box.hidden = on
}

document.addEventListener('click', (e) => {
  const reset = e.target.closest?.('[data-chart-reset]')
  if (reset) resetZoom(reset)
  const button = e.target.closest?.('[data-chart-table]')
  if (button) toggleTable(button)
})
