import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import { test } from '@japa/runner'
import { permissionDefaults } from '#services/registry'

interface Operation {
  'operationId': string
  'summary': string
  'x-permission': string | null
  'security': unknown[]
  'parameters': { name: string; in: string }[]
  'responses': Record<string, { $ref?: string }>
}

type Document = { openapi: string; paths: Record<string, Record<string, Operation>> } & Record<
  string,
  unknown
>

const resolve = (document: unknown, ref: string) =>
  ref
    .slice(2)
    .split('/')
    .reduce<any>((node, key) => node?.[key.replaceAll('~1', '/')], document)

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref') yield inner as string
    else yield* refsIn(inner)
  }
}

test.group('The OpenAPI document', () => {
  test('describe every route under /api/v1 and nothing else', async ({ client, assert }) => {
    const response = await client.get('/api/v1/openapi.json')
    response.assertStatus(200)
    const { paths, openapi } = response.body() as Document
    assert.equal(openapi, '3.1.0')
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
    )
    const routed = Object.values(router.toJSON())
      .flat()
      .filter(({ pattern }) => /^\/api\/v1(\/|$)/.test(pattern))
      .flatMap(({ pattern, methods }) =>
        methods
          .filter((method) => method !== 'HEAD')
          .map((method) => `${method} ${pattern.replaceAll(/:(\w+)/g, '{$1}')}`)
      )
    assert.isAbove(described.length, 8)
    assert.sameMembers(described, routed)
  })

  test('name the permission, the refusals and the text of every operation', async ({
    client,
    assert,
  }) => {
    const document = (await client.get('/api/v1/openapi.json')).body() as Document
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    assert.lengthOf(new Set(ids), ids.length)
    for (const operation of operations) {
      assert.notMatch(operation.summary, /translation missing|\.endpoint\./i)
      const permission = operation['x-permission']
      if (permission) assert.isTrue(permissionDefaults.has(permission), permission)
      const isOpen = operation.security.length === 0
      assert.equal('401' in operation.responses, !isOpen, operation.operationId)
      assert.isTrue('default' in operation.responses)
      if (operation.parameters.length > 0) {
        assert.isTrue('422' in operation.responses || '404' in operation.responses)
      }
    }
    for (const [path, methods] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path')
        assert.sameMembers(
          inPath.map(({ name }) => name),
          names
        )
      }
    }
    for (const ref of refsIn(document)) assert.isDefined(resolve(document, ref), ref)
  })

  test('be the same for everybody, and be found from the index', async ({ client, assert }) => {
    const [english, chinese] = [
      await client.get('/api/v1/openapi.json'),
      await client.get('/api/v1/openapi.json').header('Accept-Language', 'zh'),
    ]
    assert.deepEqual(chinese.body(), english.body())
    const index = (await client.get('/api/v1')).body()
    assert.match(index.openapi, /\/api\/v1\/openapi\.json$/)
    assert.include(index.resources, '/api/v1/me')
  })

  test('have its texts in both languages', ({ assert }) => {
    const keys = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, inner]) =>
        typeof inner === 'object' ? keys(inner, `${path}${key}.`) : [`${path}${key}`]
      )
    const [en, zh] = ['en', 'zh'].map((locale) =>
      keys(JSON.parse(readFileSync(app.languageFilesPath(`${locale}/api.json`), 'utf8')))
    )
    assert.sameMembers(zh!, en!)
  })
})
