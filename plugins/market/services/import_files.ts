import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { defineError } from '#core/errors'
import { detectKind } from '../domain/detect_kind.js'
import type { SeriesKind } from '../domain/series_kind.js'
import { importEpochs } from './import_epochs.js'
import type { ImportReport } from './import_report.js'
import { importSeries } from './import_series.js'
import { headOf } from './read_rows.js'

/** The console was given a path that is no file. */
export const E_NO_FILE = defineError<[file: string]>('There is no file %s', 'E_NO_FILE', 422)

/** Nobody said what the file holds, and its head does not tell. */
export const E_KIND_UNKNOWN = defineError<[file: string]>(
  'The head of %s does not tell what it holds: say it with --series',
  'E_KIND_UNKNOWN',
  422
)

interface FileWish {
  file: string
  /** By the file's head unless given. */
  kind?: SeriesKind
  /** The name of the file unless given. */
  source?: string
  now: Date
  onProgress?: (rows: number) => void
}

/** Imports one file of any kind. Throws E_NO_FILE, E_KIND_UNKNOWN and what reading it throws. */
export async function importFile({ file, ...wish }: FileWish): Promise<ImportReport> {
  if (!existsSync(file) || !statSync(file).isFile()) throw new E_NO_FILE([file])
  const kind = wish.kind ?? detectKind(await headOf(file))
  if (!kind) throw new E_KIND_UNKNOWN([file])
  const source = (wish.source ?? basename(file)).slice(0, 80)
  return kind === 'epochs'
    ? importEpochs({ ...wish, file, source, kind })
    : importSeries({ ...wish, file, source, kind })
}
