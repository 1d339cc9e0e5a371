import { hasRecents, remember, showRecents } from './palette_recents.js'

document.addEventListener('keydown', (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
    e.preventDefault()
    show()
  }
})
document.addEventListener('click', (e) => e.target.closest?.('[data-palette-open]') && show())

function show() {
  const box = document.getElementById('palette')
  if (!box || box.open) return
  box.showModal()
  const input = box.querySelector('#palette-q')
  input.value = ''
  showRecents(box)
  input.dispatchEvent(new CustomEvent('palette:open'))
}

/** What an option does: it is a link or a button, or holds one. */
const doer = (option) => (option.matches('a, button') ? option : option.querySelector('a, button'))

const labelOf = (option, link) =>
  option.dataset.label || link.querySelector('span')?.textContent.trim() || link.textContent.trim()

const STEPS = { ArrowDown: 1, ArrowUp: -1 }

export const palette = () => ({
  at: -1,
  input() {
    return this.$root.querySelector('#palette-q')
  },
  options() {
    return [...this.$root.querySelectorAll('[role=option]')].filter((o) => o.offsetParent)
  },
  mark(i) {
    const list = this.options()
    list.forEach((o, n) => {
      o.id ||= `palette-o${n}`
      o.setAttribute('aria-selected', String(n === i))
    })
    this.at = i
    const now = list[i]
    now?.scrollIntoView({ block: 'nearest' })
    if (now) this.input().setAttribute('aria-activedescendant', now.id)
    else this.input().removeAttribute('aria-activedescendant')
  },
  swapped() {
    this.$root.querySelector('[data-recent]').hidden = this.input().value !== '' || !hasRecents()
    this.$root
      .querySelectorAll('[role=option]:is(a, button), [role=option] :is(a, button)')
      .forEach((n) => (n.tabIndex = -1))
    this.mark(this.options().length ? 0 : -1)
  },
  keys(e) {
    if (e.key in STEPS) {
      e.preventDefault()
      this.step(STEPS[e.key])
    } else if (e.key === 'Enter' && e.target === this.input()) {
      e.preventDefault()
      const option = this.options()[this.at]
      if (option) doer(option)?.click()
    }
  },
  step(by) {
    const n = this.options().length
    if (n) this.mark((this.at + by + n) % n)
  },
  pick(e) {
    const option = e.target.closest('[role=option]')
    if (!option) return
    const link = doer(option)
    if (!e.target.closest('a, button')) return link?.click()
    if (link?.matches('a[href]')) remember(labelOf(option, link), link.getAttribute('href'))
    setTimeout(() => this.close(), 0)
  },
  close() {
    this.$root.close()
  },
  closed() {
    this.mark(-1)
  },
})
