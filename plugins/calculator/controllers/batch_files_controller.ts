import type { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { csvOf } from '#core/csv'
import { tableOf } from '#core/table'
import { xlsxOf } from '#core/xlsx'
import type Batch from '../models/batch.js'
import { faultsCsv, resultsCsv, resultsXlsx } from '../services/batch_files.js'
import { findBatch } from '../services/batch_find.js'
import { faultRows, faultsTable } from '../services/batch_tables.js'
import { templateRows, templateSheets } from '../services/batch_template.js'
import { faultSentences, templateHead } from '../services/batch_texts.js'
import { tabsOf } from './batches_controller.js'

const CSV = 'text/csv; charset=utf-8'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What can be taken home: results, refused rows, and a file to begin with. */
export default class BatchFilesController {
  async csv(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    return send(ctx, { type: CSV, name: nameOf(batch, 'results.csv') }, resultsCsv(batch, ctx.i18n))
  }

  async xlsx(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    return send(
      ctx,
      { type: XLSX, name: nameOf(batch, 'results.xlsx') },
      resultsXlsx(batch, ctx.i18n)
    )
  }

  async faultsCsv(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    return send(ctx, { type: CSV, name: nameOf(batch, 'faults.csv') }, faultsCsv(batch, ctx.i18n))
  }

  async faults(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    const table = await tableOf(ctx, faultsTable, faultRows(batch.id))
    return ctx.view.render('calculator::batch/faults', {
      batch,
      table: { ...table, csvUrl: `/calculator/batches/${batch.id}/faults.csv` },
      sentences: (faults: never[]) => faultSentences(faults, ctx.i18n),
      tabs: tabsOf(batch, 'faults', ctx),
    })
  }

  async templateCsv({ response, i18n }: HttpContext) {
    response.header('Content-Type', CSV)
    response.header('Content-Disposition', 'attachment; filename="hashinsight-batch.csv"')
    return response.send(csvOf(templateHead(i18n), templateRows(i18n)))
  }

  async templateXlsx({ response, i18n }: HttpContext) {
    response.header('Content-Type', XLSX)
    response.header('Content-Disposition', 'attachment; filename="hashinsight-batch.xlsx"')
    return response.send(await xlsxOf(templateSheets(i18n)))
  }
}

/** A name that any system takes: the person's own one, with another ending. */
const nameOf = ({ name }: Batch, ending: string) => {
  const stem = name.replace(/\.(csv|xlsx|txt|tsv)$/i, '').replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
  return `${stem}.${ending}`
}

function send(
  { response }: HttpContext,
  { type, name }: { type: string; name: string },
  body: Readable
) {
  const plain = name.replaceAll(/[^\w.-]+/g, '_')
  response.header('Content-Type', type)
  response.header(
    'Content-Disposition',
    `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
  )
  return response.stream(body)
}
