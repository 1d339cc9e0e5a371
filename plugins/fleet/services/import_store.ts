import { createHash } from 'node:crypto'
import { current } from '#core/current'
import { BadInput } from '#core/errors'
import { safeFileName } from '#core/uploads'
import {
  IMPORT_FIELDS,
  IMPORT_UNITS,
  type ImportColumns,
  type ImportField,
} from '../domain/import_fields.js'
import MinerImport from '../models/miner_import.js'
import plugin from '../plugin.js'
import { planImport } from './import_check.js'
import { factsOf } from './import_apply.js'
import { guessReading, readWith, type Separators } from './import_reading.js'

/** Keeps a file with a guess at how it is read. Throws what the readers throw. */
export async function keepImport(name: string, content: Buffer): Promise<MinerImport> {
  const reading = await guessReading(content)
  const list = (await MinerImport.create({
    name: safeFileName(name),
    kind: reading.kind,
    fileHash: createHash('sha256').update(content).digest('hex'),
    byteCount: content.length,
    state: 'draft',
    reading,
    counts: {},
    createdBy: current.get().userId,
  })) as MinerImport
  await current
    .get()
    .client.table('fleet_import_files')
    .insert({ ...list.rowsKey, content })
  const { fileHash: sha256, byteCount: bytes } = list
  await plugin.track(list, 'list.uploaded', { name: list.name, sha256, bytes })
  return list
}

export interface AskedMapping extends Partial<Separators> {
  columns?: Partial<Record<string, number>>
  units?: Partial<Record<string, string>>
  siteId?: string | null
}

/** Reads the file another way; the columns are guessed anew where the head is another one. */
export async function rereadImport(list: MinerImport, how: Separators) {
  list.refuseApplied()
  list.reading = await readWith(await list.file(), list.reading, how)
  list.state = 'draft'
  await list.save()
}

/** Takes a mapping over and works out what each row would do. */
export async function checkImport(list: MinerImport, asked: AskedMapping): Promise<void> {
  list.refuseApplied()
  const columns = asked.columns ? chosen(asked, list.reading.heads.length) : list.reading.columns
  list.reading = { ...list.reading, columns, siteId: asked.siteId ?? list.reading.siteId }
  if (!columns.mac && !columns.serial && !columns.ip) {
    throw new BadInput([{ field: 'columns.mac', key: 'fleet_import.fault.no_identity' }])
  }
  if (!columns.site && !list.reading.siteId) {
    throw new BadInput([{ field: 'siteId', key: 'fleet_import.fault.no_site' }])
  }
  await planImport(list)
  list.state = 'checked'
  await list.save()
  await plugin.track(list, 'list.checked', factsOf(list))
}

function chosen({ columns = {}, units = {} }: AskedMapping, count: number): ImportColumns {
  const mapped: ImportColumns = {}
  for (const field of IMPORT_FIELDS) {
    const column = columns[field]
    if (column === undefined || column >= count) continue
    mapped[field] = { column, unit: unitOf(field, units[field]) }
  }
  return mapped
}

function unitOf(field: ImportField, code: string | undefined) {
  const units = IMPORT_UNITS[field] ?? []
  return (units.find((unit) => unit.code === code) ?? units[0])?.code
}

/** Takes a list away; what it changed stays. */
export async function discardImport(list: MinerImport) {
  await plugin.track(list, 'list.discarded', { name: list.name, sha256: list.fileHash })
  await list.delete()
}
