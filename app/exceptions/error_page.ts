import type { HttpContext } from '@adonisjs/core/http'
import { type Fault, faultOf } from '#exceptions/problem'
import { isFragment } from '#services/shell'

/** A form that failed: back to it with messages beside the fields and everything typed kept. */
function backWithMessages(ctx: HttpContext, fields: NonNullable<Fault['fields']>) {
  const errors: Record<string, string[]> = {}
  for (const { field, message } of fields) (errors[field] ??= []).push(message)
  // At the doors and in the account a code is a second factor; elsewhere it names a record.
  const isSecretCode = /^\/(sign-in|account|setup)\b/.test(ctx.request.url())
  const secrets = ['password', 'newPassword', 'apiKey', '_csrf', ...(isSecretCode ? ['code'] : [])]
  ctx.session.flashExcept(secrets)
  ctx.session.flash('inputErrorsBag', errors)
  return ctx.response.redirect().back()
}

/** Sends somebody who is not signed in to the door, and remembers where they wanted to go. */
function toSignIn(ctx: HttpContext) {
  if (ctx.request.method() === 'GET' && !isFragment(ctx)) {
    ctx.session?.put('wanted', ctx.request.url(true))
  }
  if (isFragment(ctx)) {
    ctx.response.header('HX-Redirect', '/sign-in')
    return ctx.response.status(401).send('')
  }
  return ctx.response.redirect('/sign-in')
}

/** Answers a page request: messages beside fields, the sign-in page, a toast, or an error page. */
export async function answerPage(error: unknown, ctx: HttpContext) {
  const fault = faultOf(error, ctx)
  if (fault.retryAfter) ctx.response.header('Retry-After', String(fault.retryAfter))
  if (fault.code === 'E_SIGN_IN_NEEDED') return toSignIn(ctx)
  if (isFragment(ctx)) return answerFragment(fault, ctx)
  if (isOldForm(fault, ctx)) return backToTry(fault, ctx)
  if (isRefusedForm(fault, ctx)) return backWithMessages(ctx, fault.fields)
  ctx.response.status(fault.status)
  if (!ctx.session || !('view' in ctx) || !ctx.shell) return bareText(fault, ctx)
  // The framework sends what a controller returns, but not what the exception handler returns.
  return ctx.response.send(await ctx.view.render('pages/error', { fault }))
}

const isRefusedForm = (fault: Fault, ctx: HttpContext): fault is Required<Fault> =>
  Boolean(fault.fields && ctx.session && ctx.request.method() !== 'GET')

/** A form of one of our pages; whoever posts from nowhere gets the refusal itself. */
const isOldForm = ({ code }: Fault, { session, request }: HttpContext) =>
  code === 'E_BAD_CSRF_TOKEN' && session && request.header('referer')

/** A form of a page that was open for too long: the fresh page says so. */
function backToTry({ title }: Fault, { session, response }: HttpContext) {
  session.flash('toasts', [{ kind: 'warn', message: title }])
  return response.redirect().back()
}

/** htmx swaps errors too; a refusal goes to the place of toasts instead of the form. */
async function answerFragment(fault: Fault, ctx: HttpContext) {
  ctx.response.status(fault.status)
  ctx.response.header('HX-Retarget', '#flash')
  ctx.response.header('HX-Reswap', 'beforeend')
  const message = fault.fields?.map((field) => field.message).join(' ') ?? fault.title
  if (!('view' in ctx) || !ctx.shell) return bareText(fault, ctx)
  return ctx.response.send(await ctx.view.render('partials/toast', { kind: 'bad', message }))
}

/** Before the session is there, or where drawing a page is what failed. */
function bareText(fault: Fault, { response }: HttpContext) {
  response.header('Content-Type', 'text/plain; charset=utf-8')
  return response.send(`${fault.status} ${fault.title}`)
}
