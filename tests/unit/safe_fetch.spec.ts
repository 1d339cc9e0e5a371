import { createServer, type Server, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
} from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { OutsideRefusal, type OutsideRequest } from '#core/outside'
import { safeFetch } from '#services/safe_fetch'
import { isOwnAddress, isPublicAddress } from '#services/safe_fetch_addresses'
import { type Address, type Door, hostsOf, resolveHost } from '#services/safe_fetch_target'

const PORT = 'PORT'

/** Addresses that lead inside, as literals: a browser's URL parser brings each to its plain form. */
const LITERALS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '017700000001',
  '0177.0.0.1',
  '0177.1',
  '127.0.0.01',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '0.0.0.1',
  '0x0',
  '10.0.0.1',
  '0xa000001',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '3232235521',
  '169.254.169.254',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '100.64.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '240.0.0.1',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[fec0::1]',
]

/** Names that a hostile resolver leads inside. */
const NAMES = [
  'localhost',
  'localhost.',
  'LOCALHOST',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'foo.localhost',
  '127.0.0.1.nip.example',
  'metadata.google.internal',
  'xn--lcalhost-54a.example',
  'kubernetes.default.svc',
]

/** Forms that the allow-list, the scheme or the parser must stop, with what stops them. */
const FORMS: [string, string][] = [
  ['http://127.0.0.1:PORT/', 'scheme'],
  ['http://api.example.com:PORT/', 'scheme'],
  ['gopher://127.0.0.1:PORT/_GET', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['ftp://127.0.0.1:PORT/', 'scheme'],
  ['ws://127.0.0.1:PORT/', 'scheme'],
  ['data:text/plain,x', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['blob:https://127.0.0.1:PORT/x', 'scheme'],
  ['https://api.example.com@127.0.0.1:PORT/', 'credentials'],
  ['https://api.example.com:443@127.0.0.1:PORT/', 'credentials'],
  ['https://user:pass@api.example.com/', 'credentials'],
  ['https://127.0.0.1:PORT#@api.example.com/', 'host'],
  ['https://127.0.0.1:PORT?@api.example.com/', 'host'],
  ['https://127.0.0.1:PORT\\@api.example.com/', 'host'],
  ['https://api.example.com.evil.example:PORT/', 'host'],
  ['https://api.example.com:PORT/', 'host'],
  ['https://api.example.com./', 'host'],
  ['https://evil-api.example.com/', 'host'],
  ['//127.0.0.1:PORT/', 'bad_url'],
  ['https://[::1%25lo]:PORT/', 'bad_url'],
  ['https://127.0.0.1:99999/', 'bad_url'],
  ['https://', 'bad_url'],
]

const inward: Door = {
  privateHosts: new Set(),
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
}

async function refusalOf(request: OutsideRequest, door: Door) {
  const error = await safeFetch(request, door).catch((thrown: unknown) => thrown)
  if (error instanceof OutsideRefusal) return error.reason
  throw error instanceof Error ? error : new TypeError(`${request.url} was answered`)
}

const listen = (server: Server | TcpServer, host = '127.0.0.1', port = 0) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const closed = (server: Server | TcpServer) =>
  new Promise<void>((resolve) => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close(() => resolve())
  })

test.group('The door to the outside', () => {
  test('let no form of a URL reach a canary inside', async ({ assert, cleanup }) => {
    let connections = 0
    const canaries = [createTcpServer(), createTcpServer()]
    for (const canary of canaries)
      canary.on('connection', (socket) => (connections++, socket.end()))
    const port = await listen(canaries[0]!)
    await listen(canaries[1]!, '::1', port).catch(() => 0)
    cleanup(async () => void (await Promise.all(canaries.map(closed))))

    let tried = 0
    for (const host of [...LITERALS, ...NAMES]) {
      const url = `https://${host}:${port}/`
      // Even where the allow-list has it: the address alone must stop it.
      const reason = await refusalOf({ url, allow: [new URL(url).host] }, inward)
      assert.equal(reason, 'address', url)
      tried += 1
    }
    for (const [form, expected] of FORMS) {
      const url = form.replaceAll(PORT, String(port))
      const reason = await refusalOf({ url, allow: ['api.example.com'] }, inward)
      assert.equal(reason, expected, url)
      tried += 1
    }
    assert.isAtLeast(tried, 60)
    assert.equal(connections, 0)
  })

  test('refuse a name with one address inside among good ones', async ({ assert }) => {
    const door: Door = {
      privateHosts: new Set(),
      resolve: async () => [
        { address: '1.1.1.1', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ],
    }
    const request = { url: 'https://api.example.com/', allow: ['api.example.com'] }
    assert.equal(await refusalOf(request, door), 'address')
  })

  test('ask the resolver once and go where it said then, whatever it says later', async ({
    assert,
    cleanup,
  }) => {
    let atCanary = 0
    const good = createServer((_, response) => response.end('good'))
    const canary = createServer((_, response) => (atCanary++, response.end('bad')))
    const port = await listen(good)
    await listen(canary, '127.0.0.2', port)
    cleanup(async () => void (await Promise.all([closed(good), closed(canary)])))
    const answers: Address[] = [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]
    let asked = 0
    const door: Door = {
      privateHosts: new Set([`rebind.test:${port}`]),
      resolve: async () => [answers[asked++]!],
    }
    const url = `http://rebind.test:${port}/`
    const { text } = await safeFetch({ url, allow: [`rebind.test:${port}`] }, door)
    assert.equal(text, 'good')
    assert.equal(asked, 1)
    assert.equal(atCanary, 0)
  })

  test('go inside only to host and port that the operator named, and never to link-local', async ({
    assert,
    cleanup,
  }) => {
    const server = createServer((_, response) => response.end('node'))
    const port = await listen(server)
    cleanup(() => closed(server))
    const door = (hosts: string, resolve: Door['resolve'] = resolveHost): Door => ({
      privateHosts: hostsOf(hosts),
      resolve,
    })
    const url = `http://127.0.0.1:${port}/`
    const allow = [`127.0.0.1:${port}`]
    const { text } = await safeFetch({ url, allow }, door(` 127.0.0.1:${port} , x:1`))
    assert.equal(text, 'node')
    assert.equal(await refusalOf({ url, allow }, door(`127.0.0.1:${port + 1}`)), 'scheme')
    assert.equal(await refusalOf({ url, allow: [] }, door(`127.0.0.1:${port}`)), 'host')
    const named = { url: 'http://node.local:80/', allow: ['node.local:80'] }
    for (const address of ['169.254.169.254', '0.0.0.0', '224.0.0.1', '::ffff:127.0.0.1']) {
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
      assert.equal(await refusalOf(named, door('node.local:80', resolve)), 'address', address)
    }
  })

  test('send the name with TLS and trust no certificate but a good one', async ({
    assert,
    cleanup,
  }) => {
    const names: string[] = []
    const server = createTlsServer({
      SNICallback: (name, done) => {
        names.push(name)
        done(new Error('no certificate'))
      },
    })
    server.on('tlsClientError', () => undefined)
    const port = await listen(server)
    cleanup(() => closed(server))
    const door: Door = {
      privateHosts: new Set([`tls.test:${port}`]),
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    }
    const request = { url: `https://tls.test:${port}/`, allow: [`tls.test:${port}`] }
    assert.oneOf(await refusalOf(request, door), ['tls', 'cut_off'])
    assert.deepEqual(names, ['tls.test'])
  })
})

const ANSWERS: Record<string, (response: ServerResponse, value: string) => unknown> = {
  redirect: (r, value) => r.writeHead(Number(value), { location: '/end' }).end(),
  status: (r, value) => r.writeHead(Number(value), { 'content-type': 'text/html' }).end('<p>'),
  html: (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  json: (r) =>
    r
      .writeHead(200, { 'content-type': 'Application/JSON; charset=utf-8', 'ETag': '"1"' })
      .end('{}'),
  untyped: (r) => r.writeHead(200).end('{}'),
  gzip: (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x')),
  big: (r, value) => r.end('x'.repeat(Number(value))),
  cut: (r) => r.writeHead(200, { 'content-length': '100' }).write('x', () => r.destroy()),
  headers: (r) => r.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(),
  drip: (r) => r.writeHead(200).write('x'),
  garbage: (r) => r.socket!.end('no HTTP at all\r\n\r\n'),
}

test.group('What comes through the door', (group) => {
  let server: Server
  let port: number
  let door: Door
  let hits: string[]

  group.each.setup(async () => {
    hits = []
    server = createServer((request, response) => {
      hits.push(request.url!)
      const [, what, value] = request.url!.split('/')
      // Whatever is not in the table never answers.
      ANSWERS[what!]?.(response, value!)
    })
    port = await listen(server)
    door = { privateHosts: new Set([`127.0.0.1:${port}`]), resolve: resolveHost }
    return () => closed(server)
  })

  const request = (path: string, more: Partial<OutsideRequest> = {}): OutsideRequest => ({
    url: `http://127.0.0.1:${port}/${path}`,
    allow: [`127.0.0.1:${port}`],
    ...more,
  })

  test('follow no redirect', async ({ assert }) => {
    for (const status of [300, 301, 302, 303, 307, 308]) {
      assert.equal(await refusalOf(request(`redirect/${status}`), door), 'redirect')
    }
    assert.notInclude(hits, '/end')
  })

  test('give status, headers and text, and leave error statuses to the asker', async ({
    assert,
  }) => {
    const json = ['application/json']
    const good = await safeFetch(request('json', { mediaTypes: json }), door)
    assert.containsSubset(good, { status: 200, text: '{}', headers: { etag: '"1"' } })
    for (const status of [304, 404, 429, 500]) {
      const answer = await safeFetch(request(`status/${status}`, { mediaTypes: json }), door)
      assert.equal(answer.status, status)
    }
  })

  test('refuse what is no answer, each by its reason', async ({ assert }) => {
    const mediaTypes = ['application/json']
    const cases: [OutsideRequest, string][] = [
      [request('html', { mediaTypes }), 'content_type'],
      [request('untyped', { mediaTypes }), 'content_type'],
      [request('gzip'), 'encoding'],
      [request('big/1001', { maxBytes: 1000 }), 'too_large'],
      [request('big/1000001'), 'too_large'],
      [request('headers'), 'too_large'],
      [request('cut'), 'cut_off'],
      [request('garbage'), 'cut_off'],
      [request('silent', { deadlineMs: 200 }), 'timeout'],
      [request('drip', { deadlineMs: 200 }), 'timeout'],
    ]
    for (const [one, reason] of cases) assert.equal(await refusalOf(one, door), reason, one.url)
    await closed(server)
    assert.equal(await refusalOf(request('json'), door), 'connect')
    server = createServer()
    await listen(server)
  })

  test('take exactly as much as is allowed', async ({ assert }) => {
    const { text } = await safeFetch(request('big/1000', { maxBytes: 1000 }), door)
    assert.lengthOf(text, 1000)
  })

  test('give up on a resolver that never answers, and say when it knows no such name', async ({
    assert,
  }) => {
    const asked = { url: 'https://api.example.com/', allow: ['api.example.com'], deadlineMs: 100 }
    const silent: Door = { privateHosts: new Set(), resolve: () => new Promise(() => undefined) }
    assert.equal(await refusalOf(asked, silent), 'timeout')
    const unknown: Door = {
      privateHosts: new Set(),
      resolve: async () => {
        throw Object.assign(new TypeError('no such name'), { code: 'ENOTFOUND' })
      },
    }
    assert.equal(await refusalOf(asked, unknown), 'dns')
    const none: Door = { privateHosts: new Set(), resolve: async () => [] }
    assert.equal(await refusalOf(asked, none), 'dns')
  })
})

test.group('Addresses', () => {
  test('count as public only outside of every special range', ({ assert }) => {
    for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111']) {
      assert.isTrue(isPublicAddress(address), address)
    }
    assert.isFalse(isPublicAddress('no address'))
    assert.isFalse(isOwnAddress('no address'))
    for (const address of ['10.1.2.3', '127.0.0.1', '::1', 'fd12::1', '100.64.0.1', '1.1.1.1']) {
      assert.isTrue(isOwnAddress(address), address)
    }
  })

  test('never count as public in a form of IPv6 that carries an IPv4 address', ({ assert }) => {
    const octet = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const dotted = octets.join('.')
        const hex = octets.map((one) => one.toString(16).padStart(2, '0')).join('')
        const pairs = `${hex.slice(0, 4)}:${hex.slice(4)}`
        for (const address of [
          `::ffff:${dotted}`,
          `::ffff:0:${pairs}`,
          `::${pairs}`,
          `64:ff9b::${pairs}`,
          `64:ff9b:1::${pairs}`,
          `2002:${pairs}::`,
        ]) {
          assert.isFalse(isPublicAddress(address), address)
        }
      })
    )
  })
})
