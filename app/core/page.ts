import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { appKey } from '#config/app'
import { current } from '#core/current'
import { E_BAD_CURSOR } from '#core/errors'

export const PAGE_LIMIT = 50

interface Place {
  /** Opaque text of the page before; none for the first page. */
  cursor?: string | null
  limit?: number
  /** The column of time that orders the rows, newest first; null orders by id alone. */
  at?: string | null
  /** The column that breaks ties. */
  id?: string
}

export interface Page<Row> {
  data: Row[]
  nextCursor: string | null
}

/**
 * One page of a query, newest first. The cursor names the last row that was given, so that rows
 * which come or go meanwhile neither repeat nor hide others. It is signed, and bound to the tenant
 * and to this very query. Throws E_BAD_CURSOR for any other text.
 */
export async function page<Row extends Record<string, unknown>>(
  query: DatabaseQueryBuilderContract<Row>,
  { cursor, limit = PAGE_LIMIT, at = 'created_at', id = 'id' }: Place
): Promise<Page<Row>> {
  const list = nameOf(query)
  const order = at ? [at, id] : [id]
  if (cursor) {
    const marks = at ? '(??, ??) < (?::timestamptz, ?::uuid)' : '?? < ?::uuid'
    query.whereRaw(marks, [...order, ...open(cursor, list, order.length)])
  }
  namePlaces(query, at, id)
  for (const column of order) query.orderBy(column, 'desc')
  const rows = (await query.limit(limit + 1)) as (Row & { page_at?: string; page_id: string })[]
  const data = rows.slice(0, limit)
  const last = rows.length > limit ? data.at(-1) : undefined
  const nextCursor = last ? seal(placeOf(last), list) : null
  return {
    data: data.map(({ page_at: _, page_id: __, ...row }) => row as unknown as Row),
    nextCursor,
  }
}

const placeOf = ({ page_at: at, page_id: id }: { page_at?: string; page_id: string }) =>
  at === undefined ? [id] : [at, id]

/** As text: a Date of JavaScript drops the microseconds, and rows of the same ms would be lost. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function namePlaces(query: DatabaseQueryBuilderContract<any>, at: string | null, id: string) {
  const { client } = current.get()
  if (at) query.select(client.raw('??::text as page_at', [at]))
  query.select(client.raw('??::text as page_id', [id]))
}

/** Tells one list from another, so that no cursor opens a list that it was not made for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function nameOf(query: DatabaseQueryBuilderContract<any>) {
  const { sql } = query.clone().toSQL()
  return createHash('sha256').update(`${current.get().tenantId}\n${sql}`).digest('base64url')
}

const sign = (body: string, list: string) =>
  createHmac('sha256', appKey.release()).update(`cursor\n${list}\n${body}`).digest().subarray(0, 16)

function seal(place: string[], list: string) {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url')
  return `${body}.${sign(body, list).toString('base64url')}`
}

function open(cursor: string, list: string, parts: number): string[] {
  const [body = '', signature = '', ...rest] = cursor.split('.')
  const expected = sign(body, list)
  const given = Buffer.from(signature, 'base64url')
  const isOurs =
    rest.length === 0 &&
    given.toString('base64url') === signature &&
    given.length === expected.length &&
    timingSafeEqual(given, expected)
  if (!isOurs) throw new E_BAD_CURSOR()
  const place = JSON.parse(Buffer.from(body, 'base64url').toString()) as string[]
  if (place.length !== parts) throw new E_BAD_CURSOR()
  return place
}
