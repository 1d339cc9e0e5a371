import type { HttpContext } from '@adonisjs/core/http'
import type { I18n } from '@adonisjs/i18n'
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

/** Two people made the same thing at once: PostgreSQL's unique violation is a conflict, no failure. */
const settled = (thrown: Thrown): Thrown =>
  thrown.code === '23505' ? { status: 409, code: 'E_CONFLICT' } : thrown

const translatorOf = (ctx: HttpContext) =>
  ctx.i18n ?? i18nManager.locale(i18nManager.getSupportedLocaleFor(ctx.request.languages()) ?? 'en')

/** What went wrong, in the words of the person who asked. Unknown errors say nothing of the inside. */
export function faultOf(error: unknown, ctx: HttpContext): Fault {
  const thrown = settled((error ?? {}) as Thrown)
  const status = thrown.status ?? 500
  const code = status >= 500 ? 'E_UNEXPECTED' : (thrown.code ?? 'E_UNEXPECTED')
  const i18n = translatorOf(ctx)
  return {
    status,
    code,
    title: titleOf({ status, code, seconds: thrown.retryAfter ?? 0 }, i18n),
    ...(Array.isArray(thrown.messages) ? { fields: sentencesOf(thrown.messages, i18n) } : {}),
    ...(thrown.retryAfter ? { retryAfter: thrown.retryAfter } : {}),
  }
}

/** The sentence of the code, else of the status, else of a failure. */
function titleOf(fault: { status: number; code: string; seconds: number }, i18n: I18n) {
  const keys = [`errors.${fault.code}`, `errors.status.${fault.status}`, 'errors.status.500']
  const key = keys.find((one) => i18n.hasMessage(one))!
  return i18n.formatMessage(key, { seconds: fault.seconds })
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
