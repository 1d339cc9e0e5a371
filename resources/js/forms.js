import { copyText } from './clipboard.js'
import { texts } from './core.js'
import { toast } from './toasts.js'

// data-autosubmit: the form sends itself, at once on a choice, 300 ms after the last key.
const timers = new WeakMap()
const send = (form, wait) => {
  clearTimeout(timers.get(form))
  timers.set(
    form,
    setTimeout(
      () => form.isConnected && (form.checkValidity() || form.noValidate) && form.requestSubmit(),
      wait
    )
  )
}
const typed =
  'input:not([type=checkbox]):not([type=radio]):not([type=date]):not([type=datetime-local]), textarea'
document.addEventListener('input', (e) => {
  const form = e.target.form ?? e.target.closest?.('form')
  if (form?.matches('[data-autosubmit]') && e.target.matches(typed))
    send(form, Number(form.dataset.autosubmit) || 300)
})
document.addEventListener('change', (e) => {
  const form = e.target.form ?? e.target.closest?.('form')
  if (form?.matches('[data-autosubmit]') && !e.target.matches(typed)) send(form, 0)
})

// data-copy="text" or data-copy-from="#id".
function textToCopy({ copy, copyFrom }) {
  if (copy) return copy
  const from = copyFrom && document.querySelector(copyFrom)
  return from?.value || from?.textContent?.trim() || ''
}

document.addEventListener('click', async (e) => {
  const button = e.target.closest?.('[data-copy], [data-copy-from]')
  if (!button) return
  await copyText(textToCopy(button.dataset))
  toast({ kind: 'good', message: texts.copied })
})

// A plain form is sent once: the second press of the button does nothing for 4 s.
document.addEventListener('submit', (e) => {
  const form = e.target
  if (
    form.matches(
      '[method=dialog], [hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [method=get]'
    ) ||
    e.defaultPrevented
  )
    return
  if (form.dataset.sent) return e.preventDefault()
  form.dataset.sent = '1'
  setTimeout(() => delete form.dataset.sent, 4000)
})
addEventListener('pageshow', () =>
  document.querySelectorAll('form[data-sent]').forEach((f) => delete f.dataset.sent)
)

// data-clear empties the field that it stands in, as if somebody had deleted what they typed.
document.addEventListener('click', (e) => {
  const input = e.target.closest?.('[data-clear]')?.closest('.control')?.querySelector('input')
  if (!input) return
  input.value = ''
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.focus()
})
