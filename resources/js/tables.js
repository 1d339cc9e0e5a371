import { onContent, all } from './core.js'

const store = (id) => `columns:${location.pathname}:${id}`

function apply(wrap) {
  const hidden = JSON.parse(localStorage.getItem(store(wrap.id)) ?? 'null')
  const heads = [...wrap.querySelectorAll('thead th')]
  heads.forEach((th, i) => {
    const key = th.dataset.key
    if (key && hidden) th.classList.toggle('col-hidden', hidden.includes(key))
    const off = th.classList.contains('col-hidden')
    const box = key && wrap.querySelector(`[data-columns] input[value="${CSS.escape(key)}"]`)
    if (box) box.checked = !off
    const label = th.textContent.trim()
    for (const row of wrap.querySelectorAll('tbody tr')) {
      const cell = row.children[i]
      if (!cell || row.children.length !== heads.length) continue
      cell.classList.toggle('col-hidden', off)
      if (cell.tagName === 'TD' && key && !cell.dataset.label && label) cell.dataset.label = label
      if (i === heads.findIndex((h) => h.dataset.key)) cell.classList.add('title')
    }
  })
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
  bar.querySelector('[data-bulk-count]').textContent = on.length
}

onContent((root) => {
  const wraps = new Set(all(root, '[data-table]'))
  const around = root.closest('[data-table]')
  if (around) wraps.add(around)
  wraps.forEach((w) => (apply(w), bulk(w)))
})

document.addEventListener('change', (e) => {
  const panel = e.target.closest?.('[data-columns]')
  const wrap = panel
    ? document.getElementById(panel.dataset.columns)
    : e.target.closest?.('[data-table]')
  if (!wrap) return
  if (panel) {
    const hidden = [...panel.querySelectorAll('input:not(:checked)')].map((i) => i.value)
    localStorage.setItem(store(wrap.id), JSON.stringify(hidden))
    apply(wrap)
  }
  if (e.target.matches('[data-bulk-all]'))
    wrap.querySelectorAll('tbody .tick-cell input').forEach((t) => (t.checked = e.target.checked))
  if (e.target.matches('[data-bulk-all], .tick-cell input')) bulk(wrap)
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
