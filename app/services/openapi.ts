import i18nManager from '@adonisjs/i18n/services/main'
import vine from '@vinejs/vine'
import { appUrl } from '#config/app'
import { endpoints } from '#core/api'
import type { Schema } from '#core/plugin'

export const API_VERSION = '1.0.0'

type Json = Record<string, unknown>
type Endpoint = ReturnType<typeof endpoints>[number]

const english = (key: string) => i18nManager.locale('en').t(key)
const isOpen = ({ permission }: Endpoint) => permission === 'open'
const isBody = ({ body }: Endpoint) => body !== undefined
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Vine writes draft-07 and lists every spelling of true; OpenAPI 3.1 speaks 2020-12. */
function modern(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modern)
  if (!isJson(value)) return value
  if (Array.isArray(value.enum) && value.enum.includes(true) && value.enum.includes(false)) {
    const { enum: _, ...rest } = value
    return { ...rest, type: 'boolean' }
  }
  const out = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, modern(inner)]))
  if (!Array.isArray(out.items)) return out
  const { items, additionalItems, ...rest } = out
  return { ...rest, prefixItems: items, ...(additionalItems === false ? { items: false } : {}) }
}

const schemaOf = (schema: Schema) => modern(vine.create(schema).toJSONSchema()) as Json

const ref = (name: string) => ({ $ref: `#/components/responses/${name}` })

/** What can go wrong, by what the endpoint takes in. */
function refusals(endpoint: Endpoint, params: string[]) {
  const takesInput = isBody(endpoint) || endpoint.query !== undefined
  return {
    ...(isOpen(endpoint) ? {} : { 401: ref('Unauthorized'), 403: ref('Forbidden') }),
    ...(params.length > 0 ? { 404: ref('NotFound') } : {}),
    ...(isBody(endpoint) ? { 413: ref('TooLarge'), 415: ref('UnsupportedMediaType') } : {}),
    ...(takesInput ? { 422: ref('Invalid') } : {}),
    ...(isOpen(endpoint) ? {} : { 429: ref('TooManyRequests') }),
    default: ref('Unexpected'),
  }
}

function parametersOf({ query }: Endpoint, params: string[]) {
  const inPath = params.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'id' ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }))
  if (!query) return inPath
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Json
    required?: string[]
  }
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
  return [...inPath, ...inQuery]
}

const content = (schema: Json, type = 'application/json') => ({ content: { [type]: { schema } } })

function operationOf(endpoint: Endpoint) {
  const { pattern, name } = endpoint.route.toJSON()
  const params = [...pattern.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  const { permission, status = 200, response, body, summary } = endpoint
  const operation = {
    'operationId': name,
    'summary': english(summary),
    'tags': [permission.includes('.') ? permission.slice(0, permission.indexOf('.')) : 'core'],
    'x-permission': permission.includes('.') ? permission : null,
    'security': isOpen(endpoint) ? [] : [{ bearer: [] }],
    'parameters': parametersOf(endpoint, params),
    ...(body ? { requestBody: { required: true, ...content(schemaOf(body)) } } : {}),
    'responses': {
      [status]: { description: english('api.document.success'), ...content(schemaOf(response)) },
      ...(endpoint.isPromise
        ? { 202: { description: english('api.document.promise'), ...content(schemaOf(response)) } }
        : {}),
      ...refusals(endpoint, params),
    },
  }
  return { path: pattern.replaceAll(/:(\w+)/g, '{$1}'), method: endpoint.method, operation }
}

const problemResponse = (title: string, headers?: Json) => ({
  description: english(title),
  ...(headers ? { headers } : {}),
  ...content({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
})

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          rule: { type: 'string' },
        },
      },
    },
  },
}

const components = () => ({
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', description: english('api.document.bearer') },
  },
  schemas: { Problem: PROBLEM },
  responses: {
    Unauthorized: problemResponse('errors.E_TOKEN_INVALID', {
      'WWW-Authenticate': { schema: { type: 'string' } },
    }),
    Forbidden: problemResponse('errors.E_FORBIDDEN'),
    NotFound: problemResponse('errors.E_NOT_FOUND'),
    TooLarge: problemResponse('errors.status.413'),
    UnsupportedMediaType: problemResponse('errors.status.415'),
    Invalid: problemResponse('errors.E_VALIDATION_ERROR'),
    TooManyRequests: problemResponse('errors.status.429', {
      'Retry-After': { schema: { type: 'integer' } },
    }),
    Unexpected: problemResponse('errors.status.500'),
  },
})

/** The OpenAPI 3.1 document of all endpoints, in English, from their routes and schemas. */
export function openApiDocument() {
  const paths: Record<string, Json> = {}
  for (const { path, method, operation } of endpoints().map(operationOf)) {
    paths[path] = { ...paths[path], [method]: operation }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'HashInsight API',
      version: API_VERSION,
      description: english('api.document.description'),
    },
    servers: [{ url: new URL(appUrl).origin }],
    security: [{ bearer: [] }],
    paths,
    components: components(),
  }
}
