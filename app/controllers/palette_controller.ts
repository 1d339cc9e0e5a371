import type { HttpContext } from '@adonisjs/core/http'
import { findInPalette } from '#services/palette'

/** The list of the command palette, for what was typed so far. */
export default class PaletteController {
  async index(ctx: HttpContext) {
    const groups = await findInPalette(ctx, ctx.request.qs().q)
    return ctx.view.render('partials/palette', { groups })
  }
}
