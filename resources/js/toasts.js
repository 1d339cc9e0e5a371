import { onContent, all } from './core.js'

const alias = { success: 'good', error: 'bad', danger: 'bad', warning: 'warn' }

const MOST = 4

/** toast({ message, kind: good|warn|bad|info, undoUrl }) */
export function toast({ message, kind = 'info', undoUrl }) {
  const area = document.getElementById('flash')
  const model = document.getElementById('toast-template')
  if (!area || !model || !message) return
  const node = model.content.firstElementChild.cloneNode(true)
  write(node, message, alias[kind] ?? kind)
  offerUndo(node, undoUrl)
  area.append(node)
  raise(area)
  while (area.children.length > MOST) area.firstElementChild.remove()
  window.htmx.process(node)
  arm(node)
}

function write(node, message, kind) {
  node.className = `toast toast-${kind}`
  node.dataset.toast = kind
  node.setAttribute('role', kind === 'bad' ? 'alert' : 'status')
  node.querySelector('p').textContent = message
}

function offerUndo(node, url) {
  const undo = node.querySelector('[data-undo]')
  if (url) undo.setAttribute('hx-post', url)
  else undo.remove()
}

/** A modal dialog covers the page: only what entered the top layer after it is seen. */
function raise(area) {
  if (!document.querySelector('dialog[open]') || !area.showPopover) return
  if (area.matches(':popover-open')) area.hidePopover()
  area.showPopover()
}

function arm(node) {
  if (node.dataset.armed || node.closest('template')) return
  node.dataset.armed = '1'
  if (node.dataset.toast === 'bad') return
  let timer
  const start = () =>
    (timer = setTimeout(() => node.remove(), node.querySelector('[data-undo]') ? 12000 : 7000))
  const stop = () => clearTimeout(timer)
  node.addEventListener('pointerenter', stop)
  node.addEventListener('focusin', stop)
  node.addEventListener('pointerleave', start)
  node.addEventListener('focusout', start)
  start()
}

onContent((root) => all(root, '[data-toast]').forEach(arm))
document.addEventListener('toast', (e) => toast(e.detail ?? {}))
document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-toast-close]')) e.target.closest('[data-toast]')?.remove()
})
document.addEventListener('htmx:finally:request', (e) => {
  const item = e.target.closest?.('[data-toast]')
  if (item && e.detail.ctx.response?.status < 400) item.remove()
})
