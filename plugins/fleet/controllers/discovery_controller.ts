import type { HttpContext } from '@adonisjs/core/http'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import plugin from '../plugin.js'
import { FOUND_KINDS, foundRows, foundTable } from '../services/found_table.js'
import { siteChoices } from '../services/page_choices.js'
import { scansOf } from '../services/page_collectors.js'
import { foundCounts } from '../services/page_found.js'
import { goneLines, scanLines } from '../services/page_scans.js'
import { wordsOf } from '../services/page_words.js'

/** What scans found, for somebody to decide. */
export default class DiscoveryController {
  async index(ctx: HttpContext) {
    const definition = foundTable(await siteChoices())
    if (wantsCsv(ctx)) return sendCsv(ctx, definition, foundRows())
    const words = wordsOf(ctx.i18n)
    return ctx.view.render('fleet::discovery/index', {
      table: await tableOf(ctx, definition, foundRows()),
      counts: await foundCounts(),
      kinds: FOUND_KINDS,
      withCollector: true,
      words,
      scans: scanLines(await scansOf(), words),
      gone: await goneLines(words),
      mayEdit: plugin.allows('miner.edit'),
    })
  }
}
