import type { HttpContext } from '@adonisjs/core/http'

/** After a change: says it on the next page and goes there, for a form and for htmx alike. */
export function goTo({ session, response, shell }: HttpContext, path: string, message?: string) {
  if (message) session.flash('toasts', [{ kind: 'good', message }])
  if (!shell.fragment) return response.redirect().toPath(path)
  response.header('HX-Redirect', path)
  return response.status(200).send('')
}

/** A refusal as sentences beside the field of the file; anything else is thrown on. */
export function refusalSentence(error: unknown, { i18n }: HttpContext): string {
  const { status = 500, code = '' } = (error ?? {}) as { status?: number; code?: string }
  if (status >= 500) throw error
  const line = /\d+/.exec((error as Error).message)?.[0] ?? ''
  return i18n.t(`errors.${code}`, { line, rows: line })
}
