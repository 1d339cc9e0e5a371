import { onContent, all } from './core.js'

const store = (id) => `columns:${location.pathname}:${id}`

/** Shows and hides the columns as they were chosen on this machine. */
function apply(wrap) {
  const hidden = JSON.parse(localStorage.getItem(store(wrap.id)) ?? 'null')
  const heads = [...wrap.querySelectorAll('thead th')]
  const title = heads.findIndex((th) => th.dataset.key)
  heads.forEach((th, i) => {
    const column = { key: th.dataset.key, label: th.textContent.trim(), isTitle: i === title }
    if (column.key && hidden) th.classList.toggle('col-hidden', hidden.includes(column.key))
    column.off = th.classList.contains('col-hidden')
    tickBox(wrap, column)
    for (const cell of cellsOf(wrap, i, heads.length)) dress(cell, column)
  })
}

function tickBox(wrap, { key, off }) {
  const box = key && wrap.querySelector(`[data-columns] input[value="${CSS.escape(key)}"]`)
  if (box) box.checked = !off
}

/** A row with fewer cells than the head (an empty state, a total) has no columns of its own. */
const cellsOf = (wrap, i, width) =>
  [...wrap.querySelectorAll('tbody tr')]
    .filter((row) => row.children.length === width)
    .map((row) => row.children[i])

/** On a phone the cell stands alone: it carries its column's label, the first one is the title. */
function dress(cell, { key, label, off, isTitle }) {
  cell.classList.toggle('col-hidden', off)
  const nameless = cell.tagName === 'TD' && !cell.dataset.label
  if (nameless && key && label) cell.dataset.label = label
  if (isTitle) cell.classList.add('title')
}

function bulk(wrap) {
  const ticks = [...wrap.querySelectorAll('tbody .tick-cell input')]
  const on = ticks.filter((t) => t.checked)
  const top = wrap.querySelector('[data-bulk-all]')
  if (top) {
    top.checked = on.length > 0 && on.length === ticks.length
    top.indeterminate = on.length > 0 && on.length < ticks.length
  }
  ticks.forEach((t) => t.closest('tr').classList.toggle('is-selected', t.checked))
  const bar = wrap.querySelector('[data-bulk-bar]')
  if (!bar) return
  bar.hidden = on.length === 0
  bar.querySelector('[data-bulk-count]').textContent =
    rest(bar, on.length, ticks.length) ?? on.length
}

/** All that match, beyond this page: offered once the whole page is ticked. How many, if chosen. */
function rest(bar, on, ticks) {
  const label = bar.querySelector('[data-bulk-rest]')
  if (!label) return null
  const box = label.querySelector('input')
  label.hidden = on === 0 || on < ticks
  if (label.hidden) box.checked = false
  return box.checked ? Number(box.value).toLocaleString(document.documentElement.lang) : null
}

onContent((root) => {
  const wraps = new Set(all(root, '[data-table]'))
  const around = root.closest('[data-table]')
  if (around) wraps.add(around)
  wraps.forEach((w) => (apply(w), bulk(w)))
})

function chooseColumns(panel, wrap) {
  const hidden = [...panel.querySelectorAll('input:not(:checked)')].map((i) => i.value)
  localStorage.setItem(store(wrap.id), JSON.stringify(hidden))
  apply(wrap)
}

document.addEventListener('change', (e) => {
  const panel = e.target.closest?.('[data-columns]')
  const wrap = panel
    ? document.getElementById(panel.dataset.columns)
    : e.target.closest?.('[data-table]')
  if (!wrap) return
  if (panel) chooseColumns(panel, wrap)
  if (e.target.matches('[data-bulk-all]'))
    wrap.querySelectorAll('tbody .tick-cell input').forEach((t) => (t.checked = e.target.checked))
  if (e.target.matches('[data-bulk-all], [data-bulk-rest] input, .tick-cell input')) bulk(wrap)
})

// A row opens its detail; the real link in its first cell serves keyboard and screen readers.
document.addEventListener('click', (e) => {
  const row = e.target.closest?.('tr[data-href]')
  if (
    !row ||
    e.target.closest('a, button, input, label, select, summary') ||
    String(getSelection())
  )
    return
  if (e.ctrlKey || e.metaKey) window.open(row.dataset.href, '_blank', 'noopener')
  else location.href = row.dataset.href
})
