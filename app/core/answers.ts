import type { HttpContext } from '@adonisjs/core/http'

interface Answer {
  /** Where to go; the page that asked unless given. */
  to?: string
  undoUrl?: string
  kind?: 'good' | 'warn' | 'bad' | 'info'
}

/** After a change: says it on the next page and goes there, for a form and for htmx alike. */
export function done(
  ctx: HttpContext,
  message: string,
  { to, undoUrl, kind = 'good' }: Answer = {}
) {
  ctx.session.flash('toasts', [{ kind, message, ...(undoUrl ? { undoUrl } : {}) }])
  if (!ctx.shell.fragment) {
    return to ? ctx.response.redirect(to) : ctx.response.redirect().back()
  }
  if (to) ctx.response.header('HX-Redirect', to)
  else ctx.response.header('HX-Refresh', 'true')
  return ctx.response.status(200).send('')
}
