import { onContent, all } from './core.js'

/** Our window.confirm: resolves true or false. */
export function ask(text) {
  const box = document.getElementById('ask')
  if (!box) return Promise.resolve(window.confirm(text))
  box.querySelector('#ask-text').textContent = text
  box.returnValue = 'no'
  box.showModal()
  return new Promise((done) =>
    box.addEventListener('close', () => done(box.returnValue === 'yes'), { once: true })
  )
}

/** A click on the backdrop lands on the dialog element itself, outside its box. */
function onBackdrop({ target, clientX: x, clientY: y }) {
  if (!(target instanceof HTMLDialogElement && target.open)) return false
  const { left, right, top, bottom } = target.getBoundingClientRect()
  return x < left || x > right || y < top || y > bottom
}

document.addEventListener('click', (e) => {
  const opener = e.target.closest?.('[data-dialog]')
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal()
  if (e.target.closest?.('[data-dialog-close]')) e.target.closest('dialog')?.close()
  if (onBackdrop(e)) e.target.close()
})

// Plain forms: data-confirm="question".
document.addEventListener(
  'submit',
  (e) => {
    const form = e.target
    const text = e.submitter?.dataset.confirm ?? form.dataset.confirm
    if (!text || form.dataset.asked) return
    e.preventDefault()
    e.stopImmediatePropagation()
    ask(text).then((yes) => {
      if (!yes) return
      form.dataset.asked = '1'
      form.requestSubmit(e.submitter)
      delete form.dataset.asked
    })
  },
  true
)

onContent((root) => all(root, 'dialog[data-open]').forEach((d) => !d.open && d.showModal()))
document.addEventListener('dialog:close', (e) =>
  (e.target.closest?.('dialog') ?? document.querySelector('dialog[open]'))?.close()
)
