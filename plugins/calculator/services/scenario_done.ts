import type { HttpContext } from '@adonisjs/core/http'

/** After a change: says it on the next page and goes there, for a form and for htmx alike. */
export function done({ session, shell, response }: HttpContext, toast: Toast, to?: string) {
  session.flash('toasts', [{ kind: 'good', ...toast }])
  if (!shell.fragment) return to ? response.redirect().toPath(to) : response.redirect().back()
  if (to) response.header('HX-Redirect', to)
  else response.header('HX-Refresh', 'true')
  return response.status(200).send('')
}

interface Toast {
  message: string
  undoUrl?: string
}
