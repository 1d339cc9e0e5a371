import type { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { isId } from '#core/ids'
import MinerImport from '../models/miner_import.js'
import { minersCsv, minersXlsx, templateCsv } from '../services/import_export.js'
import { leftCsv } from '../services/import_left.js'

const CSV = 'text/csv; charset=utf-8'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const siteOf = ({ request }: HttpContext): string | null => {
  const { site } = request.qs()
  return isId(site) ? site : null
}

/** Lists to take home: the miners, a file to begin with, and rows that were left. */
export default class ImportFilesController {
  miners(ctx: HttpContext) {
    return send(ctx, CSV, 'miners.csv', minersCsv(ctx.i18n, siteOf(ctx)))
  }

  minersXlsx(ctx: HttpContext) {
    return send(ctx, XLSX, 'miners.xlsx', minersXlsx(ctx.i18n, siteOf(ctx)))
  }

  template({ response, i18n }: HttpContext) {
    response.header('Content-Type', CSV)
    response.header('Content-Disposition', 'attachment; filename="miners-template.csv"')
    return response.send(templateCsv(i18n))
  }

  /** Conflicts and bad rows with their own cells and the reasons. */
  async left(ctx: HttpContext) {
    const list = await MinerImport.own(ctx.params.id)
    return send(ctx, CSV, 'left-rows.csv', await leftCsv(list, ctx.i18n))
  }
}

function send({ response }: HttpContext, type: string, name: string, body: Readable) {
  response.header('Content-Type', type)
  response.header('Content-Disposition', `attachment; filename="${name}"`)
  return response.stream(body)
}
