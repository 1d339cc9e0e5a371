import type { EpochRefusal } from '../domain/parse_epoch.js'
import type { Refusal } from '../domain/parse_row.js'
import type { SeriesKind } from '../domain/series_kind.js'

export interface RefusedRow {
  line: number
  reason: Refusal | EpochRefusal
}

export interface ImportReport {
  kind: SeriesKind
  source: string
  rows: number
  stored: number
  refused: number
  /** The first of the refused rows, so that somebody can look at them. */
  refusedRows: RefusedRow[]
  /** ISO 8601; null where no stored row has a time. */
  from: string | null
  to: string | null
}

/** What somebody wants to import. */
export interface Wish<Kind extends SeriesKind = SeriesKind> {
  file: string
  kind: Kind
  source: string
  now: Date
  /** Told the number of rows read so far, every now and then. */
  onProgress?: (rows: number) => void
}

const SHOWN_REFUSALS = 50

export const emptyReport = ({ kind, source }: Wish): ImportReport => ({
  kind,
  source,
  rows: 0,
  stored: 0,
  refused: 0,
  refusedRows: [],
  from: null,
  to: null,
})

/** Counts a row that could not be taken; the first fifty are kept with their reason. */
export function refuse(report: ImportReport, refused: RefusedRow) {
  report.refused++
  if (report.refusedRows.length < SHOWN_REFUSALS) report.refusedRows.push(refused)
}

/** Widens the time that the stored rows cover. */
export function widen(report: ImportReport, at: Date | null) {
  const iso = at?.toISOString()
  if (!iso) return
  if (!report.from || iso < report.from) report.from = iso
  if (!report.to || iso > report.to) report.to = iso
}
