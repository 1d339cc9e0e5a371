// The first page for guests: no htmx, no Alpine, no charts. Without this file all of it still works.
import { copyText } from './clipboard.js'
import { texts } from './core.js'
import './time.js'

const WAIT_MS = 200
const said = document.getElementById('said')
const say = (text) => (said.textContent = text)

document.addEventListener('click', async (e) => {
  const button = e.target.closest?.('[data-copy]')
  if (!button) return
  await copyText(button.dataset.copy)
  say(texts.copied)
  const label = button.querySelector('span')
  const before = label.textContent
  if (before === texts.copied) return
  label.textContent = texts.copied
  setTimeout(() => (label.textContent = before), 1600)
})

/** Why there is no answer, in words; the last answer stays where it is. */
const problem = (status) =>
  status === 429 ? texts.busy : status === 0 ? texts.network : texts.server

/** The small calculator: each change asks anew, and only the newest question is answered. */
function answerAsTyped(form) {
  const answer = document.querySelector('.mini-answer')
  let asked = new AbortController()
  let timer

  /** The formula stays open for whoever reads it while typing. */
  function show(html) {
    const wasOpen = answer.querySelector('details')?.open
    answer.innerHTML = html
    const why = answer.querySelector('details')
    if (why) why.open = Boolean(wasOpen)
  }

  async function ask() {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    answer.setAttribute('aria-busy', 'true')
    try {
      const url = `${form.dataset.mini}?${new URLSearchParams(new FormData(form))}`
      const response = await fetch(url, { signal, headers: { 'HX-Request': 'true' } })
      if (response.ok) show(await response.text())
      else say(problem(response.status))
    } catch (error) {
      if (error.name === 'AbortError') return
      say(problem(0))
    }
    answer.removeAttribute('aria-busy')
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT_MS)
  })
  form.addEventListener('submit', (e) => {
    e.preventDefault()
    clearTimeout(timer)
    ask()
  })
}

document.querySelectorAll('form[data-mini]').forEach(answerAsTyped)
