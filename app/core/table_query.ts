import { defineError } from '#core/errors'
import type { TableDefinition } from '#core/table'

/** A table was asked for in a way that it does not know: another column, page or filter. */
export const E_TABLE_QUERY = defineError<[field: string]>(
  'The table cannot be shown like this: %s',
  'E_TABLE_QUERY',
  400
)

export const SIZES = [10, 25, 50, 100] as const
const MAX_PAGE = 1_000_000
const MAX_TEXT = 100

/** What a person asked of a table, checked against its definition. */
export interface TableQuery {
  page: number
  size: number
  sort: string
  dir: 'asc' | 'desc'
  q: string
  filters: Record<string, string>
  /** Keys of the visible columns, in the order of the definition. */
  columns: string[]
}

type Input = Record<string, unknown>

function textOf(input: Input, key: string): string {
  const value = Object.hasOwn(input, key) ? input[key] : undefined
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new E_TABLE_QUERY([key])
  return value.replaceAll('\0', '').trim().slice(0, MAX_TEXT)
}

function wholeOf(input: Input, key: string, fallback: number, max: number): number {
  const text = textOf(input, key)
  if (text === '') return fallback
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > max) throw new E_TABLE_QUERY([key])
  return value
}

function columnsOf(definition: TableDefinition, input: Input): string[] {
  const keys = definition.columns.map(({ key }) => key)
  const asked = Object.hasOwn(input, 'columns') ? input.columns : undefined
  const list = Array.isArray(asked) ? asked : typeof asked === 'string' ? asked.split(',') : []
  const wanted = list.filter((key) => key !== '')
  if (wanted.some((key) => typeof key !== 'string' || !keys.includes(key))) {
    throw new E_TABLE_QUERY(['columns'])
  }
  if (wanted.length > 0) return keys.filter((key) => wanted.includes(key))
  return definition.columns.filter(({ hidden }) => !hidden).map(({ key }) => key)
}

function filtersOf(definition: TableDefinition, input: Input): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const { key, options, type } of definition.filters ?? []) {
    const value = textOf(input, key)
    if (value === '') continue
    if (options && !options.some((option) => option.value === value)) throw new E_TABLE_QUERY([key])
    if (type === 'date' && !isDate(value)) throw new E_TABLE_QUERY([key])
    chosen[key] = value
  }
  return chosen
}

const isDate = (value: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  new Date(`${value}T00:00:00Z`).toISOString().startsWith(value)

/** Whether there is something to search in. */
export const hasSearch = ({ search }: TableDefinition) =>
  typeof search === 'function' || Boolean(search?.length)

/**
 * Reads page, size, sort, dir, q, columns and the filters of a table from what the browser sent.
 * Empty means the default; anything the table does not know is refused with E_TABLE_QUERY.
 */
export function parseTableQuery(definition: TableDefinition, input: Input): TableQuery {
  const size = wholeOf(input, 'size', definition.size ?? 25, 100)
  if (!SIZES.includes(size as (typeof SIZES)[number])) throw new E_TABLE_QUERY(['size'])
  return {
    page: wholeOf(input, 'page', 1, MAX_PAGE),
    size,
    ...orderOf(definition, input),
    q: hasSearch(definition) ? textOf(input, 'q') : '',
    filters: filtersOf(definition, input),
    columns: columnsOf(definition, input),
  }
}

function orderOf({ columns, defaultSort }: TableDefinition, input: Input) {
  const sort = textOf(input, 'sort') || defaultSort.key
  const isSortable = columns.some((column) => column.key === sort && column.sort)
  if (!isSortable) throw new E_TABLE_QUERY(['sort'])
  const usual = sort === defaultSort.key ? (defaultSort.dir ?? 'asc') : 'asc'
  const dir = textOf(input, 'dir') || usual
  if (dir !== 'asc' && dir !== 'desc') throw new E_TABLE_QUERY(['dir'])
  return { sort, dir } as const
}

/** The query as it stands in an address; defaults are left out, so that one view has one address. */
export function queryStringOf(
  definition: TableDefinition,
  query: TableQuery,
  changes: Partial<TableQuery> = {}
): string {
  const { page, size, sort, dir, q, filters, columns } = { ...query, ...changes }
  const plain = parseTableQuery(definition, {})
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  for (const [key, value] of Object.entries(filters)) params.set(key, value)
  if (sort !== plain.sort || dir !== plain.dir) {
    params.set('sort', sort)
    params.set('dir', dir)
  }
  if (size !== plain.size) params.set('size', String(size))
  if (columns.join() !== plain.columns.join()) params.set('columns', columns.join())
  if (page !== 1) params.set('page', String(page))
  return params.toString()
}

/** Makes `%`, `_` and the backslash stand for themselves in LIKE. */
export const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')
