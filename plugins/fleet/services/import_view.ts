import type { I18n } from '@adonisjs/i18n'
import { current } from '#core/current'
import type { Row, TableDefinition } from '#core/table'
import type { RowFault } from '../domain/import_decide.js'
import {
  IMPORT_FIELDS,
  IMPORT_UNITS,
  type ImportField,
  isForeman,
} from '../domain/import_fields.js'
import type MinerImport from '../models/miner_import.js'
import { sampleOf } from './import_reading.js'
import type { Words } from './page_words.js'

export const OUTCOMES = ['new', 'changed', 'same', 'conflict', 'bad'] as const

export const OUTCOME_KINDS: Record<string, string> = {
  new: 'good',
  changed: 'info',
  same: 'neutral',
  conflict: 'warn',
  bad: 'bad',
}

export const STATE_KINDS: Record<string, string> = {
  draft: 'neutral',
  checked: 'info',
  applied: 'good',
}

/** What each row of a list does. */
export const importRowsTable: TableDefinition = {
  key: 'fleet.import_rows',
  caption: 'fleet_import.rows',
  columns: [
    { key: 'line', label: 'fleet_import.column.line', type: 'number', sort: 'r.line' },
    { key: 'outcome', label: 'fleet_import.column.outcome', type: 'state', sort: 'r.outcome' },
    { key: 'label', label: 'fleet_import.column.label', sort: 'r.label' },
    { key: 'miner_no', label: 'fleet_import.column.miner', type: 'number', sort: 'r.miner_no' },
    { key: 'what', label: 'fleet_import.column.what' },
  ],
  defaultSort: { key: 'line' },
  search: ['r.label', 'r.apply', 'r.faults'],
  filters: [
    {
      key: 'outcome',
      label: 'fleet_import.column.outcome',
      options: OUTCOMES.map((value) => ({ value, label: `fleet_import.outcome.${value}` })),
      apply: (query, value) => query.where('r.outcome', value),
    },
  ],
  tieBreaker: 'r.line',
}

export const importRows = ({ tenantId, id }: MinerImport) =>
  current
    .get()
    .client.from('fleet_import_rows as r')
    .where({ 'r.tenant_id': tenantId, 'r.import_id': id })
    .select('r.*')

/** Faults as sentences that begin with the field. */
export const faultSentences = (faults: readonly RowFault[] | null, i18n: I18n): string[] =>
  (faults ?? []).map(
    ({ field, key, args }) =>
      `${columnLabel(field, i18n)}: ${i18n.t(`fleet_import.fault.${key}`, args)}`
  )

/** Whoever finds texts. */
type Speaker = Pick<Words, 't'>

/** Columns of `fleet_miners` by the names of the list's fields. */
const AS_FIELD: Record<string, ImportField> = {
  serial_number: 'serial',
  nameplate_hashrate_ths: 'expectedThs',
  nameplate_power_w: 'expectedW',
}

export const columnLabel = (column: string, i18n: Speaker) =>
  i18n.t(`fleet_import.field.${AS_FIELD[column] ?? column}`)

const shown = (value: unknown) => (value === null || value === undefined ? '—' : String(value))

/** What a row would make of a miner, before and after. */
export const changesOf = ({ changes }: Row, i18n: Speaker) =>
  Object.entries((changes ?? {}) as Record<string, [unknown, unknown]>).map(
    ([column, [before, after]]) => ({
      field: columnLabel(column, i18n),
      before: shown(before),
      after: shown(after),
    })
  )

/** What a new miner is called and what it is, as far as the list says. */
const NEW_SHOWN = ['make', 'model', 'name', 'rack', 'shelf', 'position', 'ip', 'worker'] as const

export const wordsOfNew = ({ apply }: Row): string =>
  NEW_SHOWN.flatMap((key) => apply?.[key] ?? []).join(' · ')

/** Lists that this person sent, newest first. */
export const recentImports = (): Promise<Row[]> => {
  const { userId, client } = current.get()
  const query = client
    .from('fleet_imports')
    .where('tenant_id', current.tenantId())
    .orderBy('created_at', 'desc')
    .limit(20)
    .select('id', 'name', 'state', 'counts', 'created_at', 'byte_count')
  return (userId ? query.where('created_by', userId) : query) as unknown as Promise<Row[]>
}

/** Models that no miner of the fleet has yet: often a typing error. */
export async function strangeModels({ tenantId, id }: MinerImport): Promise<string[]> {
  const { rows } = await current.get().client.rawQuery(
    `select distinct r.apply->>'model' as model from fleet_import_rows r
     where r.tenant_id = ? and r.import_id = ? and r.outcome in ('new', 'changed')
       and r.apply->>'model' is not null
       and not exists (select from fleet_miners m
         where m.tenant_id = r.tenant_id and m.model = r.apply->>'model')
     order by 1 limit 12`,
    [tenantId, id]
  )
  return rows.map(({ model }: { model: string }) => model)
}

const RARE: readonly ImportField[] = ['hostname', 'notes', 'make', 'expectedThs', 'expectedW']

/** The controls of the mapping, the first rows, and what of the file is left out. */
export async function mappingOf(list: MinerImport, i18n: I18n) {
  const { reading } = list
  const rows = await sampleOf(await list.file(), reading)
  const shownRows = rows.slice(reading.hasHead ? 1 : 0, reading.hasHead ? 9 : 8)
  const choices = reading.heads.map((head, index) => ({
    value: String(index),
    label: reading.hasHead
      ? head || String(index + 1)
      : `${head}: ${(shownRows[0]?.cells[index] ?? '').slice(0, 30)}`,
  }))
  const used = new Set(Object.values(reading.columns).map(({ column }) => column))
  return {
    reading,
    rows: shownRows,
    isForeman: isForeman(reading.heads),
    unused: reading.heads.filter((head, index) => !used.has(index) && head !== ''),
    fields: IMPORT_FIELDS.map((field) => mappingField(field, list, choices, i18n)),
  }
}

type Choice = { value: string; label: string }

function mappingField(field: ImportField, list: MinerImport, options: Choice[], i18n: I18n) {
  const mapped = list.reading.columns[field]
  const units = IMPORT_UNITS[field] ?? []
  const label = i18n.t(`fleet_import.field.${field}`)
  return {
    field,
    isRare: RARE.includes(field),
    column: {
      name: `columns[${field}]`,
      id: `map-${field}`,
      type: 'select',
      label,
      placeholder: i18n.t('fleet_import.not_in_file'),
      options,
      value: mapped ? String(mapped.column) : '',
    },
    unit:
      units.length > 1
        ? {
            name: `units[${field}]`,
            id: `unit-${field}`,
            type: 'select',
            label: i18n.t('fleet_import.unit', { field: label }),
            options: units.map(({ code }) => ({ value: code, label: code })),
            value: mapped?.unit ?? units[0]!.code,
          }
        : null,
  }
}
