/** Tabs inside a page: arrows, Home, End; the hash opens one. */
export const tabs = () => ({
  init() {
    const wanted =
      location.hash &&
      this.list().find((t) => `#${t.getAttribute('aria-controls')}` === location.hash)
    if (wanted) this.choose(wanted, false)
  },
  list() {
    return [...this.$root.querySelector('[role=tablist]').children]
  },
  choose(tab, focus = true) {
    for (const t of this.list()) {
      const on = t === tab
      t.setAttribute('aria-selected', String(on))
      t.tabIndex = on ? 0 : -1
      document.getElementById(t.getAttribute('aria-controls')).hidden = !on
    }
    if (focus) tab.focus()
    window.dispatchEvent(new Event('resize'))
  },
  click(e) {
    const tab = e.target.closest('[role=tab]')
    if (tab) this.choose(tab)
  },
  keys(e) {
    const list = this.list()
    const at = list.indexOf(document.activeElement)
    const next = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + list.length,
      Home: 0,
      End: list.length - 1,
    }[e.key]
    if (next === undefined) return
    e.preventDefault()
    this.choose(list[next % list.length])
  },
})
