import { Readable } from 'node:stream'
import type { I18n } from '@adonisjs/i18n'
import { BOM, csvCell, type CsvValue } from '#core/csv'
import { current, type Who } from '#core/current'
import type { Query, Row } from '#core/table'
import { xlsxStream } from '#core/xlsx_stream'
import { IMPORT_FIELDS, IMPORT_UNITS, type ImportField } from '../domain/import_fields.js'

const PAGE_ROWS = 5000
const BATCH = 500

/** Where a field of a list stands in a row of `listRows`. */
const VALUE: Record<ImportField, string> = {
  site: 'site',
  zone: 'zone',
  rack: 'rack',
  shelf: 'shelf',
  position: 'position',
  mac: 'mac',
  serial: 'serial_number',
  ip: 'ip',
  make: 'make',
  model: 'model',
  name: 'name',
  worker: 'worker',
  customer: 'customer',
  expectedThs: 'nameplate_hashrate_ths',
  expectedW: 'nameplate_power_w',
  hostname: 'hostname',
  notes: 'notes',
}

/** What an apostrophe in front would be taken for on the way back. */
const WRITTEN_MARK = /^'+[=+\-@\t\r＝＋－＠]/

/** A cell that comes back as it went: core's writer marks formulas, we mark what looks marked. */
export const marked = (value: CsvValue) =>
  typeof value === 'string' && WRITTEN_MARK.test(value) ? `'${value}` : value

export const listHead = (i18n: I18n) =>
  IMPORT_FIELDS.map((field) => {
    const unit = IMPORT_UNITS[field]?.[0]?.code
    const label = i18n.t(`fleet_import.field.${field}`)
    return unit ? `${label} (${unit})` : label
  })

/** Miners as a list has them; places and customers by their codes. */
function listRows(siteId: string | null): Query {
  const query = current
    .get()
    .client.from('fleet_miners as m')
    .join('sites as s', (join) => join.on('s.tenant_id', 'm.tenant_id').on('s.id', 'm.site_id'))
    .leftJoin('zones as z', (join) => join.on('z.tenant_id', 'm.tenant_id').on('z.id', 'm.zone_id'))
    .leftJoin('customers as c', (join) =>
      join.on('c.tenant_id', 'm.tenant_id').on('c.id', 'm.customer_id')
    )
    .where('m.tenant_id', current.tenantId())
    .whereIn('m.status', ['active', 'maintenance'])
    .orderBy('m.no')
    .select('m.*')
    .select({ site: 's.code', zone: 'z.code', customer: 'c.code' })
  return siteId ? query.where('m.site_id', siteId) : query
}

/** Page by page, each in a short transaction of the same person. */
async function* minersOf(who: Who, siteId: string | null): AsyncGenerator<CsvValue[]> {
  let after = 0
  for (;;) {
    const from = after
    const page: Row[] = await current.run(who, async () =>
      listRows(siteId).where('m.no', '>', from).limit(PAGE_ROWS)
    )
    for (const row of page) yield IMPORT_FIELDS.map((field) => row[VALUE[field]] as CsvValue)
    if (page.length < PAGE_ROWS) return
    after = page.at(-1)!.no
  }
}

/** The person as they are now: the file is written after the request's own transaction. */
function whoAsks(): Who {
  const { tenantId, userId, role, permissions, siteIds, customerId, via, requestId } = current.get()
  return { tenantId, userId, role, permissions, siteIds, customerId, via, requestId }
}

const csvLine = (cells: readonly CsvValue[]) =>
  `${cells.map((cell) => csvCell(marked(cell))).join(',')}\r\n`

async function* csvPieces(head: readonly string[], rows: AsyncIterable<CsvValue[]>) {
  let lines = [BOM + csvLine(head)]
  for await (const row of rows) {
    lines.push(csvLine(row))
    if (lines.length < BATCH) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}

const stream = (pieces: AsyncIterable<string | Buffer>) =>
  Readable.from(pieces, { objectMode: false })

/** The miners that the person sees, of one site or of all, as a list that comes back the same. */
export const minersCsv = (i18n: I18n, siteId: string | null) =>
  stream(csvPieces(listHead(i18n), minersOf(whoAsks(), siteId)))

export const minersXlsx = (i18n: I18n, siteId: string | null) =>
  stream(
    xlsxStream([
      {
        name: i18n.t('fleet.nav.miners'),
        head: listHead(i18n),
        rows: minersOf(whoAsks(), siteId),
      },
    ])
  )

/** The head alone: a file to begin with. */
export const templateCsv = (i18n: I18n) => BOM + csvLine(listHead(i18n))
