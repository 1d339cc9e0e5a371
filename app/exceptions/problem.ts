import type { HttpContext } from '@adonisjs/core/http'
import i18nManager from '@adonisjs/i18n/services/main'
import { type RawMessage, sentencesOf } from '#core/messages'

export interface Fault {
  status: number
  code: string
  title: string
  /** Bad input: field → sentence. */
  fields?: { field: string; message: string; rule?: string }[]
  /** Seconds to wait, for 429. */
  retryAfter?: number
}

interface Thrown {
  status?: number
  code?: string
  message?: string
  messages?: RawMessage[]
  retryAfter?: number
}

const translatorOf = (ctx: HttpContext) =>
  ctx.i18n ?? i18nManager.locale(i18nManager.getSupportedLocaleFor(ctx.request.languages()) ?? 'en')

/** What went wrong, in the words of the person who asked. Unknown errors say nothing of the inside. */
export function faultOf(error: unknown, ctx: HttpContext): Fault {
  const thrown = (error ?? {}) as Thrown
  const status = thrown.status ?? 500
  const code = status >= 500 ? 'E_UNEXPECTED' : (thrown.code ?? 'E_UNEXPECTED')
  const i18n = translatorOf(ctx)
  const key = `errors.${code}`
  const fallback = i18n.formatMessage(`errors.status.${status >= 500 ? 500 : status}`)
  const title = i18n.hasMessage(key)
    ? i18n.formatMessage(key, { seconds: thrown.retryAfter ?? 0 })
    : i18n.hasMessage(`errors.status.${status}`)
      ? fallback
      : i18n.formatMessage('errors.status.500')
  return {
    status,
    code,
    title,
    ...(Array.isArray(thrown.messages) ? { fields: sentencesOf(thrown.messages, i18n) } : {}),
    ...(thrown.retryAfter ? { retryAfter: thrown.retryAfter } : {}),
  }
}

/** RFC 9457 problem details. */
export function answerJson(error: unknown, ctx: HttpContext) {
  const { fields, retryAfter, ...fault } = faultOf(error, ctx)
  if (retryAfter) ctx.response.header('Retry-After', String(retryAfter))
  ctx.response.status(fault.status).header('Content-Type', 'application/problem+json')
  return ctx.response.send(
    JSON.stringify({
      type: `urn:hashinsight:problem:${fault.code}`,
      title: fault.title,
      status: fault.status,
      code: fault.code,
      requestId: ctx.request.id(),
      ...(fields ? { errors: fields } : {}),
    })
  )
}
