import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { E_FILE_EMPTY } from '#core/file_rows'
import { tableOf } from '#core/table'
import { withUpload } from '#core/uploads'
import { batchDefaults } from '../batch_manifest.js'
import { pasteValidator } from '../batch_validators.js'
import type Batch from '../models/batch.js'
import plugin from '../plugin.js'
import { goTo, refusalSentence } from '../services/batch_answers.js'
import { findBatch, lockBatch } from '../services/batch_find.js'
import { keepBatch } from '../services/batch_start.js'
import { batchesTable, batchRows, resultRows, resultsTable } from '../services/batch_tables.js'
import { batchText, pastedText } from '../services/batch_text.js'
import { bitcoin, decimalText, dollars } from '../services/batch_texts.js'
import { outcomeOf, progressOf, settle, STATE_KINDS } from '../services/batch_view.js'
import { showMapping } from './batch_mapping_page.js'

const FILE_BYTES = 20 * 1024 * 1024

/** Files of miners: the list, what was sent, and what came out. */
export default class BatchesController {
  async index(ctx: HttpContext) {
    return this.list(ctx)
  }

  async store(ctx: HttpContext) {
    const isFile = ctx.request.header('content-type')?.startsWith('multipart/')
    try {
      const batch = await (isFile ? this.upload(ctx) : this.paste(ctx))
      return goTo(ctx, `/calculator/batches/${batch.id}`)
    } catch (error) {
      const sentence = refusalSentence(error, ctx)
      ctx.response.status(422)
      return this.list(ctx, { [isFile ? 'file' : 'text']: [sentence] })
    }
  }

  async show(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    if (batch.state === 'draft') return showMapping(ctx, batch)
    await settle(batch)
    const { i18n, view } = ctx
    const table = await tableOf(ctx, resultsTable, resultRows(batch.id))
    return view.render('calculator::batch/show', {
      batch,
      table: { ...table, csvUrl: undefined },
      progress: progressOf(batch, i18n),
      ...outcomeOf(batch, i18n),
      stateKinds: STATE_KINDS,
      usd: (cents: string) => dollars(BigInt(cents), i18n),
      btc: (sats: string) => bitcoin(BigInt(sats), i18n),
      mayRun: plugin.allows('batch.run'),
      tabs: tabsOf(batch, 'rows', ctx),
    })
  }

  async destroy(ctx: HttpContext) {
    const batch = await lockBatch(ctx.params.id)
    await batch.remove()
    return goTo(
      ctx,
      '/calculator/batches',
      ctx.i18n.t('calculator_batch.removed', { name: batch.name })
    )
  }

  private upload(ctx: HttpContext) {
    return withUpload(ctx, { fileBytes: FILE_BYTES, fields: 4 }, async ({ files: [file] }) => {
      if (!file || file.bytes === 0) throw new E_FILE_EMPTY()
      return keepBatch(file.name, await batchText(await readFile(file.path)))
    })
  }

  private async paste({ request, i18n }: HttpContext) {
    const { text, name } = await request.validateUsing(pasteValidator)
    return keepBatch(name ?? i18n.t('calculator_batch.pasted'), pastedText(text))
  }

  private async list(ctx: HttpContext, errors: Record<string, string[]> = {}) {
    const { batchMaxRows, batchKeepDays } = await plugin.readSettings()
    return ctx.view.render('calculator::batch/index', {
      table: { ...(await tableOf(ctx, batchesTable, batchRows())), csvUrl: undefined },
      errors,
      maxRows: batchMaxRows ?? batchDefaults.batchMaxRows,
      keepDays: batchKeepDays ?? batchDefaults.batchKeepDays,
      mayRun: plugin.allows('batch.run'),
      stateKinds: STATE_KINDS,
      profitOf: ({ totals }: { totals: Record<string, string> }) =>
        totals.profitCents ? decimalText(BigInt(totals.profitCents), 2) : null,
    })
  }
}

/** The two halves of what came out, as pages of one thing. */
export const tabsOf = (batch: Batch, shown: 'rows' | 'faults', { i18n }: HttpContext) => [
  {
    label: i18n.t('calculator_batch.results'),
    url: `/calculator/batches/${batch.id}`,
    current: shown === 'rows',
  },
  {
    label: i18n.t('calculator_batch.refused'),
    url: `/calculator/batches/${batch.id}/faults`,
    current: shown === 'faults',
    count: batch.rowsRefused,
  },
]
