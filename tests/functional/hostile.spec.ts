import { request as httpRequest } from 'node:http'
import { test } from '@japa/runner'
import Tokens from 'csrf'
import { tokenFor } from '#tests/functional/api/helpers'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { BASE, inParallel } from '#tests/support/actors'
import { addressOf, allRoutes, type RouteFacts } from '#tests/support/routes'
import { newId } from '#core/ids'

interface Attack {
  name: string
  type?: string
  body?: string | Buffer
  /** Appended to the address. */
  query?: string
  /** So large that only every so many routes are asked. */
  every?: number
}

const BOUNDARY = 'hostile'
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'

const part = (disposition: string, body = 'x') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`
const multipart = (...parts: string[]) => `${parts.join('')}--${BOUNDARY}--\r\n`

const NAMES = ['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf', 'name']

const WRITES: Attack[] = [
  ...NAMES.map((name) => ({
    name: `file field ${name}`,
    type: MULTIPART,
    body: multipart(part(`name="${name}"; filename="a"`), part(`name="${name}"`)),
  })),
  {
    name: 'bad UTF-8 in a file name',
    type: MULTIPART,
    body: multipart(part(`name="f"; filename*=%E0%A4%A`), part(`name="f"; filename="\uFFFD\xff"`)),
  },
  {
    name: '10,000 parts',
    type: MULTIPART,
    body: multipart(...Array(10_000).fill(part('name="a"'))),
    every: 8,
  },
  { name: 'multipart without boundary', type: 'multipart/form-data', body: 'x' },
  {
    name: '10 MB of JSON',
    type: JSON_TYPE,
    body: JSON.stringify({ a: 'x'.repeat(10_485_760) }),
    every: 12,
  },
  {
    name: 'JSON 10,000 deep',
    type: JSON_TYPE,
    body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  },
  {
    name: 'lists 10,000 deep',
    type: JSON_TYPE,
    body: `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  },
  { name: 'broken JSON', type: JSON_TYPE, body: '{"a":' },
  { name: 'JSON that is no object', type: JSON_TYPE, body: '[null]' },
  {
    name: 'prototype in JSON',
    type: JSON_TYPE,
    body: '{"__proto__":{"role":"owner"},"constructor":{"prototype":{"x":1}},"name":{"toString":1}}',
  },
  {
    name: 'NUL in JSON',
    type: JSON_TYPE,
    body: '{"name":"a\\u0000b","email":"a\\u0000@example.com","code":"\\u0000","q":"\\u0000"}',
  },
  {
    name: 'lone surrogates',
    type: JSON_TYPE,
    body: '{"name":"\\ud800","email":"\\udfff@example.com"}',
  },
  { name: 'NUL in a form', type: FORM, body: 'name=a%00b&email=%00&password=%00&code=%00' },
  { name: 'bad UTF-8 in a form', type: FORM, body: 'name=%ff%fe&email=%E0%A4%A' },
  { name: 'form with deep keys', type: FORM, body: `a${'[b]'.repeat(5000)}=1&__proto__[x]=1` },
  {
    name: 'form with 5,000 keys',
    type: FORM,
    body: Array.from({ length: 5000 }, (_, i) => `k${i}=1`).join('&'),
  },
  {
    name: 'XML',
    type: 'text/xml',
    body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  },
  { name: 'bytes', type: 'application/octet-stream', body: Buffer.alloc(100, 0xff) },
  { name: 'type that lies', type: 'application/json; charset=utf-7', body: 'x=1' },
  { name: 'gzip that is none', type: JSON_TYPE, body: '\x1f\x8b\x08garbage' },
]

const READS: Attack[] = [
  { name: '1 MB of address', query: `?q=${'x'.repeat(1_048_576)}`, every: 10 },
  { name: 'NUL in the query', query: '?q=%00&page=%00&sort=%00&cursor=%00&format=%00&locale=%00' },
  { name: 'bad UTF-8 in the query', query: '?q=%ff%fe&cursor=%E0%A4%A' },
  {
    name: 'lists in the query',
    query: '?q[]=1&q[]=2&page[a]=1&cursor[]=x&sort[toString]=1&limit[]=1',
  },
  {
    name: 'prototype in the query',
    query: '?__proto__[x]=1&constructor=1&toString=1&columns=__proto__',
  },
  {
    name: 'numbers out of range',
    query: '?page=1e999&size=-1&limit=9999999999999999999&cursor=x.y',
  },
]

const tokens = new Tokens()

async function credentials() {
  const { user } = await makeMember(await makeTenant(), 'mining_site_owner')
  const secret = tokens.secretSync()
  const token = await tokenFor(user, ['core.*', 'calculator.*', 'market.*'])
  return async (isApi: boolean): Promise<Record<string, string>> => {
    if (isApi) return { authorization: `Bearer ${token.text}` }
    const { name, value } = await sessionCookie(user, { 'csrf-secret': secret })
    return { 'cookie': `${name}=${value}`, 'x-csrf-token': tokens.create(secret) }
  }
}

interface Outcome {
  status: number
  type: string
  text: string
  ms: number
}

/** A client that takes any end: a server that refuses a body may close before all of it was sent. */
function send(route: RouteFacts, attack: Attack, headers: Record<string, string>, id: string) {
  const began = performance.now()
  const url = BASE + addressOf(route, Object.fromEntries(route.params.map((name) => [name, id])))
  return new Promise<Outcome>((resolve) => {
    const done = (status: number, type = '', text = '') =>
      resolve({ status, type, text, ms: performance.now() - began })
    const request = httpRequest(url + (attack.query ?? ''), {
      method: route.method,
      headers,
      agent: false,
    })
    request.setTimeout(20_000, () => request.destroy())
    request.on('error', () => done(0))
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('close', () => done(response.statusCode!, response.headers['content-type'], text))
    })
    if (attack.body !== undefined) {
      request.setHeader('content-type', attack.type!)
      request.setHeader('content-length', Buffer.byteLength(attack.body))
      request.end(attack.body)
    } else request.end()
  })
}

/** Errors of the API are problem details; those of pages are pages or a line of text. */
function isWellFormed({ isApi }: RouteFacts, { status, type }: Outcome) {
  if (status < 400 || status === 431) return true
  return isApi
    ? type.startsWith('application/problem+json')
    : /^text\/(html|plain)/.test(type) || type === ''
}

test.group('Hostile requests', () => {
  test('are refused on every route, quickly, while the portal goes on', async ({ assert }) => {
    const wrong: string[] = []
    const times: number[] = []
    const login = await credentials()
    const work = allRoutes().flatMap((route, number) =>
      (route.method === 'GET' ? READS : WRITES)
        .filter(({ every = 1 }) => number % every === 0)
        .map((attack) => ({ route, attack }))
    )
    await inParallel(work, 4, async ({ route, attack }) => {
      const headers = await login(route.isApi)
      const outcome = await send(route, attack, headers, newId())
      const what = `${attack.name} → ${route.method} ${route.pattern}: ${outcome.status}`
      const isLarge = attack.every !== undefined
      // A refusal before the end of a large body may reach the sender as a closed connection.
      const isRefused = outcome.status >= 200 && outcome.status < 500
      if (!isRefused && !(isLarge && outcome.status === 0)) wrong.push(what)
      if (!isWellFormed(route, outcome)) wrong.push(`${what} as ${outcome.type}`)
      if (
        /node_modules|at \w+ \(|stack/i.test(outcome.text.slice(0, 400)) &&
        outcome.status >= 400
      ) {
        wrong.push(`${what} tells of the inside`)
      }
      if (!isLarge) times.push(outcome.ms)
    })
    assert.deepEqual(wrong, [])
    assert.isAbove(times.length, 1000)
    times.sort((x, y) => x - y)
    assert.isBelow(times[Math.floor(times.length * 0.99)]!, 1000, 'p99 in ms')
    const alive = await fetch(`${BASE}/health/live`)
    assert.equal(alive.status, 200)
  }).timeout(240_000)

  test('never reach a handler when they carry parameters that are no ids', async ({ assert }) => {
    const login = await credentials()
    const wrong: string[] = []
    const ids = ['%00', '%ff', '..%2f..%2fetc', '0', "' or 1=1", '__proto__', 'x'.repeat(5000)]
    const routes = allRoutes().filter(({ params }) => params.length > 0)
    const work = routes.flatMap((route) => ids.map((id) => ({ route, id })))
    await inParallel(work, 4, async ({ route, id }) => {
      const raw = encodeURI(id).replaceAll('%25', '%')
      const pattern = route.pattern.replaceAll(/:\w+/g, () => raw)
      const headers = await login(route.isApi)
      const { status } = await send({ ...route, pattern, params: [] }, { name: id }, headers, '')
      if (status === 0 || status >= 500) wrong.push(`${route.method} ${pattern}: ${status}`)
    })
    assert.deepEqual(wrong, [])
  }).timeout(120_000)
})
