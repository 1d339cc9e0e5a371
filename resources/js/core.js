const holder = document.getElementById('ui-texts')
export const texts = holder ? JSON.parse(holder.textContent) : {}
export const locale = document.documentElement.lang || 'en'
export const zone = document.documentElement.dataset.zone || undefined
export const nonce = document.querySelector('script[nonce],link[nonce]')?.nonce || ''
export const csrf = () => document.querySelector('meta[name=csrf-token]')?.content
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Runs fn for the whole page once and for every part htmx brings later. */
export function onContent(fn) {
  if (document.readyState === 'loading')
    document.addEventListener('DOMContentLoaded', () => fn(document.body), { once: true })
  else queueMicrotask(() => fn(document.body))
  document.addEventListener('htmx:after:process', (e) => {
    if (e.target instanceof Element && e.target !== document.body) fn(e.target)
  })
}

/** querySelectorAll that includes the root itself. */
export const all = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
]
