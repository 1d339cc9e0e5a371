const KEY = 'palette:recent'
const recents = () => JSON.parse(localStorage.getItem(KEY) ?? '[]')

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
  recent(box)
  input.dispatchEvent(new CustomEvent('palette:open'))
}

/** Links chosen last on this machine, above the answers while nothing is typed. */
function recent(box) {
  const area = box.querySelector('[data-recent]')
  area.querySelectorAll('[role=option]').forEach((n) => n.remove())
  const list = recents()
  area.hidden = list.length === 0
  for (const { label, url } of list) {
    const link = document.createElement('a')
    link.setAttribute('role', 'option')
    link.href = url
    link.tabIndex = -1
    link.textContent = label
    area.append(link)
  }
}

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
      o.id ||= `palette-o${n}-${Math.random().toString(36).slice(2, 7)}`
      o.setAttribute('aria-selected', String(n === i))
    })
    this.at = i
    const now = list[i]
    now?.scrollIntoView({ block: 'nearest' })
    if (now) this.input().setAttribute('aria-activedescendant', now.id)
    else this.input().removeAttribute('aria-activedescendant')
  },
  swapped() {
    this.$root.querySelector('[data-recent]').hidden =
      this.input().value !== '' || recents().length === 0
    this.$root
      .querySelectorAll('[role=option]:is(a, button), [role=option] :is(a, button)')
      .forEach((n) => (n.tabIndex = -1))
    this.mark(this.options().length ? 0 : -1)
  },
  keys(e) {
    const n = this.options().length
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      if (n) this.mark((this.at + (e.key === 'ArrowDown' ? 1 : -1) + n) % n)
    } else if (e.key === 'Enter' && e.target === this.input()) {
      e.preventDefault()
      const option = this.options()[this.at]
      if (option)
        (option.matches('a, button') ? option : option.querySelector('a, button'))?.click()
    }
  },
  pick(e) {
    const option = e.target.closest('[role=option]')
    if (!option) return
    const link = option.matches('a, button') ? option : option.querySelector('a, button')
    if (!e.target.closest('a, button')) return link?.click()
    if (link?.matches('a[href]')) {
      const url = link.getAttribute('href')
      const label =
        option.dataset.label ||
        link.querySelector('span')?.textContent.trim() ||
        link.textContent.trim()
      localStorage.setItem(
        KEY,
        JSON.stringify([{ label, url }, ...recents().filter((r) => r.url !== url)].slice(0, 5))
      )
    }
    setTimeout(() => this.close(), 0)
  },
  close() {
    this.$root.close()
  },
  closed() {
    this.mark(-1)
  },
})
