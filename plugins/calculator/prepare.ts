import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { asInstallation } from '#core/installation'

interface CatalogueRow {
  maker: string
  model: string
  hashrate_th: string
  power_w: string
  cooling: string
  release: string
  evidence: string
}

const FILE = new URL('./data/asic_models.csv', import.meta.url)
const SOURCE = 'HashInsight ASIC catalogue'

/** The same model has the same id on every installation, so that links to it travel. */
const idOf = (maker: string, model: string) => {
  const hex = createHash('sha256').update(`asic:${maker}:${model}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Brings the catalogue of miners up to what this version ships; the file's own words are kept. */
export default async function prepare(say: (line: string) => void) {
  const rows: CatalogueRow[] = parse(await readFile(FILE), {
    columns: true,
    skip_empty_lines: true,
  })
  const models = rows.map((row) => ({
    id: idOf(row.maker, row.model),
    maker: row.maker,
    name: row.model,
    hashrate_ths: Number(row.hashrate_th),
    power_w: Number(row.power_w),
    cooling: row.cooling,
    released: row.release || null,
    evidence: row.evidence.charAt(0),
    evidence_note:
      row.evidence
        .slice(1)
        .trim()
        .replace(/^\((.*)\)$/, '$1') || null,
    source: SOURCE,
  }))
  await asInstallation((trx) =>
    trx.knexQuery().table('calculator_models').insert(models).onConflict('id').merge()
  )
  say(`catalogue: ${models.length} models`)
}
