import type { HttpContext } from '@adonisjs/core/http'
import i18nManager from '@adonisjs/i18n/services/main'
import { RequestValidator } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

export const LOCALES = ['en', 'zh'] as const
export type Locale = (typeof LOCALES)[number]
export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale)

/** The wish in this order: the address, what was chosen in this session, the browser, English. */
export function detectLocale({ request, session }: HttpContext): Locale {
  const { lang } = request.qs()
  if (isLocale(lang)) return lang
  const chosen = session?.get('locale')
  if (isLocale(chosen)) return chosen
  const asked = i18nManager.getSupportedLocaleFor(request.languages())
  return isLocale(asked) ? asked : 'en'
}

/** Gives one request one language; nothing about it is shared between requests. */
export function speak(ctx: HttpContext, locale: Locale) {
  ctx.i18n = i18nManager.locale(locale)
  ctx.containerResolver.bindValue('i18n' as never, ctx.i18n as never)
  if ('view' in ctx) {
    ctx.view.share({ i18n: ctx.i18n, t: ctx.i18n.t.bind(ctx.i18n), locale })
  }
}

RequestValidator.messagesProvider = (ctx) => ctx.i18n.createMessagesProvider()

export default class LocaleMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    speak(ctx, detectLocale(ctx))
    ctx.response.header('Content-Language', ctx.i18n.locale)
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    i18n: import('@adonisjs/i18n').I18n
  }
}
