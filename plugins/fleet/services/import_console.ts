import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import i18nManager from '@adonisjs/i18n/services/main'
import { current } from '#core/current'
import { BadInput } from '#core/errors'
import { E_UPLOAD_TOO_LARGE } from '#core/uploads'
import { IMPORT_FIELDS, type ImportField, unitIn } from '../domain/import_fields.js'
import type MinerImport from '../models/miner_import.js'
import { applyImport, factsOf } from './import_apply.js'
import { E_IMPORT_MOVED } from './import_errors.js'
import { importPlaces } from './import_places.js'
import { checkImport, keepImport } from './import_store.js'
import { faultSentences, importRows } from './import_view.js'

export interface FileQuestion {
  file: string
  site?: string
  /** `field=Head of the column`. */
  map: readonly string[]
  isDryRun: boolean
  /** Whether rows that would be left out refuse the whole list. */
  isStrict: boolean
}

const MOST_BYTES = 20 * 1024 * 1024
const MOST_SHOWN = 20

/** Imports a file, or says what it would do. Throws BadInput and the refusals of the readers. */
export async function importFile({ file, site, map, isDryRun, isStrict }: FileQuestion) {
  if (!existsSync(file)) throw refuse('file', 'fleet_import.console.no_file', { text: file })
  if (statSync(file).size > MOST_BYTES) throw new E_UPLOAD_TOO_LARGE()
  const list = await keepImport(basename(file), await readFile(file))
  mapHeads(list, map)
  await checkImport(list, { siteId: await siteNamed(site) })
  const facts = factsOf(list)
  const left = await leftOf(list)
  if (isStrict && facts.conflicts + facts.bad > 0) {
    const [first] = left
    throw refuse('file', 'fleet_import.console.strict', {
      line: first!.line,
      left: facts.conflicts + facts.bad,
    })
  }
  if (isDryRun) current.abandon()
  else if (!(await applyImport(list, list.planHash!))) throw new E_IMPORT_MOVED()
  return { isDryRun, ...facts, left }
}

const refuse = (field: string, key: string, args: Record<string, string | number>) =>
  new BadInput([{ field, key, args }])

async function siteNamed(site: string | undefined): Promise<string | null> {
  if (site === undefined) return null
  const id = (await importPlaces()).site(site)
  if (!id) throw refuse('site', 'fleet_import.fault.unknown_site', { text: site })
  return id
}

const isField = (name: string): name is ImportField =>
  (IMPORT_FIELDS as readonly string[]).includes(name)

function mapHeads(list: MinerImport, map: readonly string[]) {
  const { reading } = list
  const columns = { ...reading.columns }
  for (const pair of map) {
    const [field = '', ...rest] = pair.split('=')
    const head = rest.join('=')
    const column = reading.heads.indexOf(head)
    if (!isField(field) || column < 0) {
      throw refuse('map', 'fleet_import.console.map', { text: pair })
    }
    columns[field] = { column, unit: unitIn(field, head) }
  }
  list.reading = { ...reading, columns }
}

/** The first rows that are left out, with their reasons. */
async function leftOf(list: MinerImport) {
  const i18n = i18nManager.locale('en')
  const rows = await importRows(list)
    .whereIn('r.outcome', ['conflict', 'bad'])
    .orderBy('r.line')
    .limit(MOST_SHOWN)
  return rows.map(({ line, outcome, label, faults }) => ({
    line: line as number,
    outcome: outcome as string,
    label: label as string,
    reasons: faultSentences(faults, i18n),
  }))
}
