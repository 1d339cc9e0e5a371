import { csrf, texts } from './core.js'
import { toast } from './toasts.js'
import { ask } from './dialogs.js'

document.addEventListener('htmx:config:request', (e) => {
  const { request } = e.detail.ctx
  const token = csrf()
  if (token) request.headers['x-csrf-token'] = token
  // Only to ourselves, whatever an attribute says (fetch runs in same-origin mode as well).
  if (new URL(request.action || '', location.href).origin !== location.origin) e.preventDefault()
})

// hx-confirm asks in our own dialog.
document.addEventListener('htmx:confirm', (e) => {
  const { ctx, issueRequest, dropRequest } = e.detail
  if (!ctx.confirm) return
  e.preventDefault()
  ask(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()))
})

/** Statuses whose body is not meant for the target: told in a toast. 400, 409, 413, 422 carry forms and are swapped. */
const said = { 401: 'denied', 403: 'denied', 404: 'missing', 419: 'denied', 429: 'busy' }
const refusal = (status) => (status >= 500 ? 'server' : said[status])

/** The answer says itself where it goes. */
const steered = (hx) => hx?.retarget || hx?.redirect || hx?.refresh || hx?.location
const bringsToast = (hx) => hx?.trigger?.includes('toast')
const sessionOver = (status) => status === 401 || status === 419

document.addEventListener('htmx:before:response', (e) => {
  const { response, hx } = e.detail.ctx
  const key = refusal(response.status)
  if (!key || steered(hx)) return
  e.preventDefault()
  if (!bringsToast(hx)) toast({ kind: 'bad', message: texts[key] })
  if (sessionOver(response.status)) setTimeout(() => location.reload(), 1200)
})

let quiet = 0
document.addEventListener('htmx:error', (e) => {
  if (!e.detail.ctx) return console.error(e.detail.error)
  if (Date.now() - quiet < 8000) return
  quiet = Date.now()
  toast({ kind: 'bad', message: texts.network })
})

// Toasts that come by HX-Retarget: #flash are added to the ones shown, not put in their place.
document.addEventListener('htmx:before:swap', (e) => {
  const ctx = e.detail.ctx
  if (ctx?.hx?.retarget === '#flash' && !ctx.hx.reswap)
    for (const task of e.detail.tasks ?? []) if (task.swapSpec) task.swapSpec.style = 'beforeend'
})
