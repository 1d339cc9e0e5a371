import type { HttpContext } from '@adonisjs/core/http'
import { shownAnswer } from '../services/scenario_view.js'
import { noteToStrangers } from '../services/share_headers.js'
import { openShare } from '../services/share_links.js'

/** A frozen result, for whoever holds its link. */
export default class SharedResultsController {
  async show(ctx: HttpContext) {
    const { params, view, i18n } = ctx
    const { answer, again, ...shared } = await openShare(params.token)
    noteToStrangers(ctx)
    return view.render('calculator::shared/show', {
      ...shared,
      shown: shownAnswer({ answer, query: again }, i18n, 'public'),
      againUrl: `/calculator?${new URLSearchParams(again)}`,
      printUrl: `/calculator/shared/${params.token}/print`,
    })
  }
}
