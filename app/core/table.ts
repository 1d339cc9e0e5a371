import type { HttpContext } from '@adonisjs/core/http'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { type CsvValue, csvOf } from '#core/csv'
import { current } from '#core/current'
import {
  escapeLike,
  hasSearch,
  parseTableQuery,
  queryStringOf,
  type TableQuery,
} from '#core/table_query'

/** A row as the database gives it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Row = Record<string, any>
export type Query = DatabaseQueryBuilderContract<Row>

export interface TableColumn {
  key: string
  /** Key of the text. */
  label: string
  type?: 'text' | 'number' | 'date' | 'time' | 'state'
  unit?: string
  /** The column of the query to sort by; without it the column cannot be sorted. Never from outside. */
  sort?: string
  /** Hidden until somebody chooses it. */
  hidden?: boolean
  /** What a CSV file shows; the row's own value of `key` unless given. */
  csv?: (row: Row) => CsvValue
}

export interface TableFilter {
  key: string
  /** Key of the text. */
  label: string
  type?: 'select' | 'date' | 'text'
  /** The allowed values; their labels are keys unless `plain` says that they are texts already. */
  options?: readonly { value: string; label: string; plain?: boolean }[]
  apply: (query: Query, value: string) => unknown
  /** What holds while nobody has chosen a value. */
  otherwise?: (query: Query) => unknown
}

/** A table, described once: list, sorting, search, filters, CSV and saved views follow from it. */
export interface TableDefinition {
  /** Names the table in saved views and in the page: `core.sites`. */
  key: string
  /** Key of the text that says what it lists. */
  caption: string
  columns: readonly TableColumn[]
  defaultSort: { key: string; dir?: 'asc' | 'desc' }
  /** Columns of the query that the search looks into, or how it does; the pattern is one for LIKE. */
  search?: readonly string[] | ((query: Query, pattern: string) => unknown)
  filters?: readonly TableFilter[]
  /** Column that makes the order total, so that no row is on two pages. */
  tieBreaker: string
  /**
   * A column of the query that names a row. With it the rows of a page are found by their keys
   * first and read whole then: sorting many wide rows to show few costs more than asking twice.
   */
  rowKey?: string
  size?: number
}

/** A CSV file holds at most this many rows and says so in its last line when there are more. */
export const CSV_LIMIT = 50_000

const idOf = (definition: TableDefinition) =>
  `table-${definition.key.replaceAll(/[^a-z0-9]+/gi, '-')}`

/** The rows that the search and the filters leave, whatever page was asked for. */
export function restrict(
  definition: TableDefinition,
  query: Query,
  { q, filters }: TableQuery
): Query {
  if (q) {
    const pattern = `%${escapeLike(q)}%`
    const { search = [] } = definition
    if (typeof search === 'function') search(query, pattern)
    else {
      query.where((inner) => {
        for (const column of search) inner.orWhereRaw('??::text ilike ?', [column, pattern])
      })
    }
  }
  for (const filter of definition.filters ?? []) {
    const value = filters[filter.key]
    if (value === undefined) filter.otherwise?.(query)
    else filter.apply(query, value)
  }
  return query
}

function inOrder(definition: TableDefinition, query: Query, { sort, dir }: TableQuery): Query {
  const column = definition.columns.find(({ key }) => key === sort)!.sort!
  // The direction is one of two words: parseTableQuery has seen to it.
  return query
    .orderByRaw(`?? ${dir} nulls last`, [column])
    .orderByRaw(`?? ${dir}`, [definition.tieBreaker])
}

async function countOf(query: Query): Promise<number> {
  const [row] = await query.clone().clearSelect().clearOrder().count('* as total')
  return Number(row?.total ?? 0)
}

/** The rows of one page and how many there are in all. A page past the end is the last page. */
export async function runTable(definition: TableDefinition, query: Query, asked: TableQuery) {
  const all = query.clone()
  restrict(definition, query, asked)
  const { rowKey } = definition
  const found = rowKey && asked.q ? await searched(definition, query, asked) : null
  const total = found?.total ?? (await countOf(query))
  const page = Math.min(asked.page, Math.max(1, Math.ceil(total / asked.size)))
  const chosen = pageOf(definition, query, { ...asked, page })
  const rows: Row[] = rowKey
    ? await byKeys(all, rowKey, found?.keys ?? (await keysOf(chosen, rowKey)))
    : await chosen
  return { rows, total, asked: { ...asked, page } }
}

const pageOf = (definition: TableDefinition, query: Query, asked: TableQuery) =>
  inOrder(definition, query.clone(), asked)
    .offset((asked.page - 1) * asked.size)
    .limit(asked.size)

async function keysOf(chosen: Query, rowKey: string): Promise<unknown[]> {
  const found: Row[] = await chosen.clearSelect().select({ row_key: rowKey })
  return found.map(({ row_key: key }) => key)
}

/** Keys and total in one go: a search reads all rows anyway. Null for a page past the end. */
async function searched(definition: TableDefinition, query: Query, asked: TableQuery) {
  const found: Row[] = await pageOf(definition, query, asked)
    .clearSelect()
    .select({ row_key: definition.rowKey! })
    .select(current.get().client.raw('count(*) over () as total') as never)
  if (found.length === 0 && asked.page > 1) return null
  return { keys: found.map(({ row_key: key }) => key), total: Number(found[0]?.total ?? 0) }
}

/** Rows by their keys, in the order of these. */
async function byKeys(all: Query, rowKey: string, keys: readonly unknown[]): Promise<Row[]> {
  if (keys.length === 0) return []
  const rows: Row[] = await all.select({ row_key: rowKey }).whereIn(rowKey, [...keys] as string[])
  const byKey = new Map(rows.map((row) => [row.row_key, row]))
  return keys.flatMap((key) => byKey.get(key) ?? [])
}

/** A person's saved views of this table, as links. */
async function savedViews(definition: TableDefinition, path: string, now: string) {
  const { userId, tenantId, client } = current.get()
  if (!userId || !tenantId) return []
  const rows: Row[] = await client
    .from('saved_views')
    .where({ tenant_id: tenantId, user_id: userId, table_key: definition.key })
    .orderBy('name')
    .select('id', 'name', 'query')
  return rows.map(({ id, name, query }) => {
    const text = String(query.search ?? '')
    return {
      id,
      name,
      url: `${path}?${text}`,
      current: text === now,
      removeUrl: `/views/${id}/removal`,
    }
  })
}

/** Everything the `table` component needs, for the page that the browser asked for. */
export async function tableOf(ctx: HttpContext, definition: TableDefinition, query: Query) {
  const { rows, total, asked } = await runTable(
    definition,
    query,
    parseTableQuery(definition, ctx.request.qs())
  )
  const path = ctx.request.url()
  const { i18n } = ctx
  const urlWith = (changes: Partial<TableQuery>) => {
    const text = queryStringOf(definition, asked, changes)
    return text ? `${path}?${text}` : path
  }
  const search = queryStringOf(definition, asked, { page: 1 })
  const last = Math.max(1, Math.ceil(total / asked.size))
  return {
    id: idOf(definition),
    key: definition.key,
    caption: i18n.t(definition.caption),
    rows,
    total,
    count: rows.length,
    asked,
    columns: columnsFor(definition, asked, i18n, urlWith),
    search: hasSearch(definition) ? { name: 'q', value: asked.q, url: path } : undefined,
    filterUrl: path,
    filterFields: filtersFor(definition, asked, i18n),
    keep: keptOnSearch(definition, asked),
    views: await savedViews(definition, path, search),
    saving: {
      url: '/views',
      table: definition.key,
      search,
      path,
      allowed: current.can('core.view.edit'),
    },
    /** The search and the filters, as `restrict` reads them. */
    searchText: search,
    csvUrl: `${path}?${search ? `${search}&` : ''}format=csv`,
    chooser: true,
    isFiltered: asked.q !== '' || Object.keys(asked.filters).length > 0,
    pagination: {
      from: total === 0 ? 0 : (asked.page - 1) * asked.size + 1,
      to: (asked.page - 1) * asked.size + rows.length,
      total,
      prevUrl: asked.page > 1 ? urlWith({ page: asked.page - 1 }) : undefined,
      nextUrl: asked.page < last ? urlWith({ page: asked.page + 1 }) : undefined,
    },
  }
}

export type TableView = Awaited<ReturnType<typeof tableOf>>

function columnsFor(
  definition: TableDefinition,
  asked: TableQuery,
  i18n: HttpContext['i18n'],
  urlWith: (changes: Partial<TableQuery>) => string
) {
  return definition.columns.map(({ key, label, type, unit, sort }) => {
    const sorted = asked.sort === key ? asked.dir : undefined
    const dir = sorted === 'asc' ? ('desc' as const) : ('asc' as const)
    return {
      key,
      label: i18n.t(label),
      unit,
      align: type === 'number' ? 'right' : undefined,
      hidden: !asked.columns.includes(key),
      sorted,
      sortUrl: sort ? urlWith({ sort: key, dir, page: 1 }) : undefined,
    }
  })
}

function filtersFor(definition: TableDefinition, asked: TableQuery, i18n: HttpContext['i18n']) {
  return (definition.filters ?? []).map(({ key, label, type = 'select', options }) => ({
    name: key,
    label: i18n.t(label),
    type,
    value: asked.filters[key] ?? '',
    options: options?.map((option) => ({
      value: option.value,
      label: option.plain ? option.label : i18n.t(option.label),
    })),
  }))
}

/** What a new search keeps: everything but the words, the filters and the page. */
function keptOnSearch(definition: TableDefinition, asked: TableQuery) {
  const text = queryStringOf(definition, asked, { q: '', filters: {}, page: 1 })
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }))
}

/** Whether the browser asked for the table as a file. */
export const wantsCsv = ({ request }: HttpContext) => request.qs().format === 'csv'

/** Sends the filtered rows as a file, with the visible columns; capped, and says when it is. */
export async function sendCsv(ctx: HttpContext, definition: TableDefinition, query: Query) {
  const asked = parseTableQuery(definition, ctx.request.qs())
  restrict(definition, query, asked)
  const total = await countOf(query)
  const rows: Row[] = await inOrder(definition, query, asked).limit(CSV_LIMIT)
  const columns = definition.columns.filter(({ key }) => asked.columns.includes(key))
  const head = columns.map(({ label, unit }) => ctx.i18n.t(label) + (unit ? ` (${unit})` : ''))
  const lines = rows.map((row) =>
    columns.map(({ key, csv }) => (csv ? csv(row) : (row[key] as CsvValue)))
  )
  if (total > CSV_LIMIT) lines.push([ctx.i18n.t('admin.table.capped', { limit: CSV_LIMIT, total })])
  const name = `${definition.key.replaceAll('.', '-')}.csv`
  return ctx.response
    .header('Content-Type', 'text/csv; charset=utf-8')
    .header('Content-Disposition', `attachment; filename="${name}"`)
    .send(csvOf(head, lines))
}
