const KEY = 'palette:recent'
const KEPT = 5

const stored = () => JSON.parse(localStorage.getItem(KEY) ?? '[]')

export const hasRecents = () => stored().length > 0

/** Puts a chosen link on top of the ones kept on this machine. */
export function remember(label, url) {
  const others = stored().filter((r) => r.url !== url)
  localStorage.setItem(KEY, JSON.stringify([{ label, url }, ...others].slice(0, KEPT)))
}

/** Links chosen last on this machine, above the answers while nothing is typed. */
export function showRecents(box) {
  const area = box.querySelector('[data-recent]')
  area.querySelectorAll('[role=option]').forEach((n) => n.remove())
  const list = stored()
  area.hidden = list.length === 0
  for (const { label, url } of list) area.append(recentLink(label, url))
}

function recentLink(label, url) {
  const link = document.createElement('a')
  link.setAttribute('role', 'option')
  link.href = url
  link.tabIndex = -1
  link.textContent = label
  return link
}
