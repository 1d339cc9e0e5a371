import type { HttpContext } from '@adonisjs/core/http'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import { newestEpoch } from '../services/epochs.js'
import { epochRows, epochsTable } from '../services/epochs_table.js'
import { wordsOf } from '../services/market_words.js'
import { presentEpoch } from '../services/present_epoch.js'
import { retargetChart } from '../services/retarget_chart.js'
import { scheduleRows } from '../services/schedule_rows.js'
import { marketFigures } from '../services/summary.js'

/** Difficulty epochs: where the chain stands, what each retarget changed, what blocks pay. */
export default class EpochsController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, epochsTable, epochRows())
    const words = wordsOf(ctx.i18n, ctx.shell.timeZone ?? 'UTC')
    const { summary, chain } = await marketFigures(new Date())
    return ctx.view.render('market::epochs/index', {
      table: await tableOf(ctx, epochsTable, epochRows()),
      chart: await retargetChart(words),
      schedule: scheduleRows(chain, words),
      now: presentEpoch(chain, words),
      source: summary.epoch.value === null ? null : words.source(summary.epoch),
      notStored: missingEpochs(await newestEpoch(), chain.epoch?.epoch),
      words,
    })
  }
}

/** The finished and current epochs that the table lacks at its end, for the sentence about them. */
const missingEpochs = (stored: number | null, now: number | undefined) =>
  stored !== null && now !== undefined && now > stored ? { from: stored + 1, to: now } : null
