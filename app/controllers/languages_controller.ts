import type { HttpContext } from '@adonisjs/core/http'
import { isLocale } from '#middleware/locale_middleware'

/** Only a path of ours is a way back: never another host. */
const pathOf = (referrer: string | undefined, host: string | null) => {
  if (!referrer || !URL.canParse(referrer)) return '/'
  const url = new URL(referrer)
  // A language in the address would win over the one that was just chosen.
  url.searchParams.delete('lang')
  return url.host === host ? url.pathname + url.search : '/'
}

/** Changes the language and returns to the page the person was on. */
export default class LanguagesController {
  async update({ params, session, request, response, presence }: HttpContext) {
    if (isLocale(params.code)) {
      session.put('locale', params.code)
      const { user } = presence
      if (user && user.locale !== params.code) await user.merge({ locale: params.code }).save()
    }
    return response.redirect(pathOf(request.header('referer'), request.host()))
  }
}
