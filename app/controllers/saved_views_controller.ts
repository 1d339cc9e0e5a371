import type { HttpContext } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import core from '#core/core'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import SavedView from '#models/saved_view'
import { done } from '#core/answers'

const wish = vine.create(
  vine.object({
    table: vine.string().regex(/^[a-z0-9_.]{1,80}$/),
    name: vine.string().trim().minLength(1).maxLength(60),
    search: vine.string().maxLength(2000).nullable().optional(),
    /** A page of ours: never another host, never `//host`. */
    path: vine.string().regex(/^\/(?!\/)[a-z0-9/_-]{0,200}$/i),
  })
)

/** A person's own views of a table. The same name again replaces the view. */
export default class SavedViewsController {
  async store(ctx: HttpContext) {
    const { table, name, search, path } = await ctx.request.validateUsing(wish)
    const userId = current.get().userId!
    const key = { userId, tableKey: table, name }
    await SavedView.query().where({ user_id: userId, table_key: table, name }).delete()
    const view = await SavedView.create({ ...key, query: JSON.stringify({ search: search ?? '' }) })
    await core.track(view, 'view.saved', { table, name })
    const undoUrl = `/views/${view.id}/removal`
    const to = search ? `${path}?${new URLSearchParams(search)}` : path
    return done(ctx, ctx.i18n.t('admin.table.view_saved', { name }), { to, undoUrl })
  }

  async destroy(ctx: HttpContext) {
    if (!isId(ctx.params.id)) throw new E_NOT_FOUND()
    const view = await SavedView.query()
      .where({ id: ctx.params.id, user_id: current.get().userId })
      .first()
    if (!view) throw new E_NOT_FOUND()
    await view.delete()
    await core.track(view, 'view.deleted', { table: view.tableKey, name: view.name })
    return done(ctx, ctx.i18n.t('admin.table.view_removed', { name: view.name }))
  }
}
