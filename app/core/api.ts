import assert from 'node:assert/strict'
import type { HttpContext, Router } from '@adonisjs/core/http'
import type { MiddlewareFn } from '@adonisjs/core/types/http'
import vine from '@vinejs/vine'
import type { Infer } from '@vinejs/vine/types'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import type { Schema } from '#core/plugin'

export { page, type Page, PAGE_LIMIT } from '#core/page'

type Valid<S> = S extends Schema ? Infer<S> : undefined

/** What a handler gets: everything in it has passed its schema. */
export interface EndpointRequest<Body = undefined, Query = undefined> {
  body: Body
  query: Query
  /** The `:names` of the path; one called `id` is a UUID. */
  params: Record<string, string>
  ctx: HttpContext
}

export interface EndpointDefinition<B, Q> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  /** Route name below `api.` or `api.<plugin>.`; also the operation id. */
  name: string
  /** `plugin.can(…)`, `open()` or `signedIn()`. */
  guard: MiddlewareFn
  /** Key of the sentence that says what it does. */
  summary: string
  body?: B
  query?: Q
  /** What it answers. A field that it does not name never leaves the portal. */
  response: Schema
  /** Of success. */
  status?: 200 | 201 | 202
  /** Whether this answer only promises work in the background: it goes out as 202. */
  isPromise?: (answer: object) => boolean
  handler: (request: EndpointRequest<Valid<B>, Valid<Q>>) => Promise<object> | object
}

type Registered = Pick<
  EndpointDefinition<Schema, Schema>,
  'method' | 'summary' | 'body' | 'query' | 'response' | 'status' | 'isPromise'
> & { permission: string; route: ReturnType<Router['get']> }

const registered: Registered[] = []

/** Every endpoint, with the route that knows its final path and name. For the OpenAPI document. */
export const endpoints = (): readonly Registered[] => registered

/**
 * Registers a JSON endpoint and its description in the OpenAPI document. The handler gets validated
 * input; what it returns is sent as JSON, with bigint as text and moments in ISO 8601.
 */
export function endpoint<
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
>(router: Router, definition: EndpointDefinition<B, Q>) {
  const { method, path, name, guard, summary, body, query, response, status = 200 } = definition
  const check = { body: compiled(body), query: compiled(query), response: vine.create(response) }
  const handle = async (ctx: HttpContext) => {
    const options = { messagesProvider: ctx.i18n.createMessagesProvider() }
    const params = ctx.params as Record<string, string>
    if ('id' in params && !isId(params.id)) throw new E_NOT_FOUND()
    const answer = await definition.handler({
      params,
      query: (await check.query?.validate(ctx.request.qs(), options)) as Valid<Q>,
      body: (await check.body?.validate(ctx.request.body(), options)) as Valid<B>,
      ctx,
    })
    const shaped = await shape(check.response, answer)
    const isPromise = definition.isPromise?.(answer) ?? false
    ctx.response
      .status(isPromise ? 202 : status)
      .header('Content-Type', 'application/json; charset=utf-8')
    return ctx.response.send(JSON.stringify(shaped))
  }
  const route = router[method](path, handle).as(name).use(guard)
  const { isPromise } = definition
  const facts = { method, summary, body, query, response, status, isPromise }
  registered.push({ ...facts, permission: guard.name, route })
  return route
}

const compiled = (schema: Schema | undefined) => (schema ? vine.create(schema) : undefined)

const bigintAsText = (_: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value

/** An answer that is not what its description promises is a fault of ours, not of the caller. */
async function shape(response: ReturnType<typeof vine.create>, answer: object): Promise<unknown> {
  const plain: unknown = JSON.parse(JSON.stringify(answer, bigintAsText))
  const [error, output] = await response.tryValidate(plain)
  assert(!error, `an API answer breaks its schema: ${JSON.stringify(error?.messages)}`)
  return output
}

/** The query of every list: where to go on, and how many rows. */
export const listFields = () => ({
  cursor: vine.string().maxLength(512).optional(),
  limit: vine.number().withoutDecimals().range([1, 200]).optional(),
})

/** The answer of every list: rows and the cursor of the next page, null on the last one. */
export const listOf = <S extends Schema>(item: S) =>
  vine.object({ data: vine.array(item), nextCursor: vine.string().nullable() })

/** A moment: UTC, ISO 8601. */
export const moment = () => vine.string().meta({ format: 'date-time' })

/** Cents, satoshis and other whole numbers that JSON cannot carry: digits as text. */
export const wholeNumber = () => vine.string().regex(/^-?\d+$/)
