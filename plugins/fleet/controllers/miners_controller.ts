import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { formOf, readForm } from '#core/form'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import Miner from '../models/miner.js'
import plugin from '../plugin.js'
import { minerRows, minersTable } from '../services/miners_table.js'
import { choicesOf, customerChoices, zoneChoices } from '../services/page_choices.js'
import { minerNow, minerPage } from '../services/page_miner.js'
import { changeMiner, type MinerChoices } from '../services/page_miner_changes.js'
import { checkPlace } from '../services/page_places.js'
import { wordsOf } from '../services/page_words.js'
import { withSparks } from '../services/sparks.js'
import { minerSchema } from '../validators.js'

const PREFIX = 'fleet.field'

/** The machines of the fleet. */
export default class MinersController {
  async index(ctx: HttpContext) {
    const isClient = !plugin.allows('collector.view')
    const choices = await choicesOf(isClient)
    const definition = minersTable(choices, isClient)
    if (wantsCsv(ctx)) return sendCsv(ctx, definition, minerRows())
    const table = await tableOf(ctx, definition, minerRows())
    const rows = table.asked.columns.includes('trend') ? await withSparks(table.rows) : table.rows
    return ctx.view.render('fleet::miners/index', {
      table: { ...table, rows },
      words: wordsOf(ctx.i18n),
      choices,
      isClient,
      mayEdit: plugin.allows('miner.edit'),
    })
  }

  async show(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    return ctx.view.render('fleet::miners/show', await minerPage(ctx, miner))
  }

  /** The part of the page that changes by itself. */
  async now({ params, view, i18n }: HttpContext) {
    const miner = await Miner.named(params.id)
    return view.render('fleet::miners/_now', await minerNow(miner, wordsOf(i18n)))
  }

  async edit(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    const choices = {
      zoneId: await zoneChoices(miner.siteId),
      customerId: await customerChoices(),
    }
    const values = { ...miner.$attributes }
    return ctx.view.render('fleet::miners/edit', {
      miner,
      fields: formOf(ctx, minerSchema, { values, prefix: PREFIX, choices }),
    })
  }

  async update(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    const values = withNulls(await readForm(ctx, minerSchema))
    await checkPlace(miner, values)
    await changeMiner(miner, values)
    return done(ctx, ctx.i18n.t('fleet.saved'), { to: `/fleet/miners/${miner.id}` })
  }
}

/** A field that the form left empty is said to be empty. */
const withNulls = ({ status, ...rest }: Partial<MinerChoices>) =>
  ({
    name: null,
    zoneId: null,
    customerId: null,
    rack: null,
    shelf: null,
    position: null,
    notes: null,
    ...rest,
    status,
  }) as MinerChoices
