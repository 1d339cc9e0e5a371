import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { DELIMITERS } from '#core/delimiter'
import { BadInput } from '#core/errors'
import { E_FILE_EMPTY } from '#core/file_rows'
import { tableOf } from '#core/table'
import { withUpload } from '#core/uploads'
import { mappingValidator, planValidator, separatorsValidator } from '../import_validators.js'
import MinerImport from '../models/miner_import.js'
import { applyImport } from '../services/import_apply.js'
import { checkImport, discardImport, keepImport, rereadImport } from '../services/import_store.js'
import {
  changesOf,
  faultSentences,
  importRows,
  importRowsTable,
  mappingOf,
  OUTCOME_KINDS,
  OUTCOMES,
  recentImports,
  STATE_KINDS,
  strangeModels,
  wordsOfNew,
} from '../services/import_view.js'
import { siteChoices } from '../services/page_choices.js'

const FILE_BYTES = 20 * 1024 * 1024

/** Lists of miners: sent, looked over, checked, applied. */
export default class ImportsController {
  index(ctx: HttpContext) {
    return list(ctx)
  }

  /** Takes a file; what cannot be read is said beside the field. */
  async store(ctx: HttpContext) {
    try {
      const kept = await withUpload(ctx, { fileBytes: FILE_BYTES, fields: 4 }, async (upload) => {
        const [file] = upload.files
        if (!file || file.bytes === 0) throw new E_FILE_EMPTY()
        return keepImport(file.name, await readFile(file.path))
      })
      return go(ctx, kept)
    } catch (error) {
      const { status = 500, code = '' } = error as { status?: number; code?: string }
      if (status >= 500) throw error
      const line = /\d+/.exec((error as Error).message)?.[0] ?? ''
      ctx.response.status(422)
      return list(ctx, { file: [ctx.i18n.t(`errors.${code}`, { line, rows: line })] })
    }
  }

  async show(ctx: HttpContext) {
    const { i18n, view } = ctx
    const kept = await MinerImport.own(ctx.params.id)
    if (kept.state === 'draft') {
      return view.render('fleet::imports/mapping', {
        list: kept,
        ...(await mappingOf(kept, i18n)),
        sites: await siteChoices(),
        delimiters: DELIMITERS.map((value, index) => ({
          value,
          label: i18n.t(`fleet_import.delimiter.${['comma', 'semicolon', 'tab', 'bar'][index]}`),
        })),
      })
    }
    const table = await tableOf(ctx, importRowsTable, importRows(kept))
    return view.render('fleet::imports/show', {
      list: kept,
      table: { ...table, csvUrl: undefined, views: undefined, saving: undefined },
      outcomes: OUTCOMES,
      hasFile: await kept.hasFile(),
      kinds: OUTCOME_KINDS,
      models: kept.state === 'checked' ? await strangeModels(kept) : [],
      sentences: (faults: never) => faultSentences(faults, i18n),
      changes: (row: never) => changesOf(row, i18n),
      words: wordsOfNew,
    })
  }

  /** Cuts the file into cells another way. */
  async update(ctx: HttpContext) {
    const kept = await MinerImport.own(ctx.params.id)
    const how = await ctx.request.validateUsing(separatorsValidator)
    await rereadImport(kept, { ...how, delimiter: how.delimiter ?? kept.reading.delimiter })
    return go(ctx, kept)
  }

  /** The dry run. */
  async check(ctx: HttpContext) {
    const kept = await MinerImport.own(ctx.params.id)
    const { columns, units, siteId } = await ctx.request.validateUsing(mappingValidator)
    if (siteId && !(await siteChoices()).some(({ value }) => value === siteId)) {
      throw new BadInput([{ field: 'siteId', key: 'fleet_import.fault.no_site' }])
    }
    await checkImport(kept, { columns: said(columns), units: said(units), siteId: siteId ?? null })
    return go(ctx, kept)
  }

  /** Writes what was checked. */
  async apply(ctx: HttpContext) {
    const kept = await MinerImport.own(ctx.params.id)
    const { plan } = await ctx.request.validateUsing(planValidator)
    const isWritten = await applyImport(kept, plan)
    const { new: added = 0, changed = 0 } = kept.counts
    return isWritten
      ? go(ctx, kept, ctx.i18n.t('fleet_import.applied', { added, changed }))
      : go(ctx, kept, ctx.i18n.t('fleet_import.moved'), 'warn')
  }

  /** Back to the mapping. */
  async reopen(ctx: HttpContext) {
    const kept = await MinerImport.own(ctx.params.id)
    kept.refuseApplied()
    kept.state = 'draft'
    await kept.save()
    return go(ctx, kept)
  }

  async destroy(ctx: HttpContext) {
    const kept = await MinerImport.own(ctx.params.id)
    await discardImport(kept)
    const message = ctx.i18n.t('fleet_import.discarded', { name: kept.name })
    return done(ctx, message, { to: '/fleet/import' })
  }
}

/** Without what was left empty. */
const said = <T>(values: Record<string, T | null | undefined> | undefined) =>
  values &&
  (Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  ) as Record<string, T>)

function go(ctx: HttpContext, kept: MinerImport, message?: string, kind?: 'warn') {
  const to = `/fleet/import/${kept.id}`
  if (message) return done(ctx, message, { to, kind })
  if (!ctx.shell.fragment) return ctx.response.redirect().toPath(to)
  ctx.response.header('HX-Redirect', to)
  return ctx.response.status(200).send('')
}

const list = async (ctx: HttpContext, errors: Record<string, string[]> = {}) =>
  ctx.view.render('fleet::imports/index', {
    lists: await recentImports(),
    sites: await siteChoices(),
    stateKinds: STATE_KINDS,
    errors,
  })
