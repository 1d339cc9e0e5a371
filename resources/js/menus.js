/* <details data-menu>: closes on outside click, Escape and choice; arrows move inside. */
const items = (menu) => [
  ...menu.querySelectorAll('.menu-panel :is(a, button, input):not([disabled], [type=hidden])'),
]
const closeOthers = (except) =>
  document
    .querySelectorAll('details[data-menu][open]')
    .forEach((m) => m !== except && !m.contains(except) && (m.open = false))

document.addEventListener('click', (e) => {
  const menu = e.target.closest?.('details[data-menu]')
  closeOthers(menu)
  if (menu && menu.dataset.menu !== 'keep' && e.target.closest('.menu-panel a, .menu-panel button'))
    menu.open = false
})
document.addEventListener('focusout', (e) => {
  const menu = e.target.closest?.('details[data-menu][open]')
  if (menu && e.relatedTarget && !menu.contains(e.relatedTarget)) menu.open = false
})
document.addEventListener('keydown', (e) => {
  const menu = e.target.closest?.('details[data-menu]')
  if (!menu) return
  if (e.key === 'Escape' && menu.open) {
    menu.open = false
    menu.querySelector('summary').focus()
    e.stopPropagation()
  }
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(e.key)) return
  e.preventDefault()
  menu.open = true
  const list = items(menu)
  const at = list.indexOf(document.activeElement)
  const next = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? list.length - 1 : at - 1,
    Home: 0,
    End: list.length - 1,
  }[e.key]
  // After the frame: what a closed <details> held cannot take focus before it is drawn.
  requestAnimationFrame(() => list[(next + list.length) % list.length]?.focus())
})
