import type { HttpContext } from '@adonisjs/core/http'
import { attachment, fileNameOf } from './export_name.js'
import { csvFileOf, type Export, workbookOf } from './export_sheets.js'

export type FileKind = 'csv' | 'xlsx'

const TYPES: Record<FileKind, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Sends an export as a file that is named after it. */
export async function sendFile({ response, i18n }: HttpContext, kind: FileKind, given: Export) {
  const body = kind === 'csv' ? csvFileOf(given, i18n) : await workbookOf(given, i18n)
  const name = fileNameOf(given.title, kind, 'result')
  return response
    .header('Content-Type', TYPES[kind])
    .header('Content-Disposition', attachment(name))
    .send(body)
}
