import type { Server as HttpServer, ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { test } from '@japa/runner'
import { parseChallenges } from '../src/wire/challenge.js'
import { DEFAULT_PORTS, type HttpRequest, WireError } from '../src/wire/contract.js'
import { authorize } from '../src/wire/digest.js'
import { httpAsk } from '../src/wire/http.js'
import { isDigestRight } from './support/digest_check.js'
import { closed, listen } from './support/fixture_server.js'

const MUFASA = { user: 'Mufasa', password: 'Circle of Life' }
const GUARDED = { method: 'GET', uri: '/dir/index.html' }
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'

const ask = (server: Server, request: HttpRequest, connectMs = 1000) =>
  httpAsk(
    {
      ip: '127.0.0.1',
      ports: { ...DEFAULT_PORTS, http: (server.address() as AddressInfo).port },
      connectMs,
    },
    request
  )

const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason
  )
  return error instanceof WireError ? error.kind : error
}

const listenTcp = (serve: (socket: Socket) => void): Promise<Server> =>
  new Promise((done) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      serve(socket)
    })
    server.on('hangup', () => sockets.forEach((socket) => socket.destroy()))
    server.listen(0, '127.0.0.1', () => done(server))
  })

const closedTcp = (server: Server) =>
  new Promise((done) => {
    server.emit('hangup')
    server.close(done)
  })

test.group('Edge | digest', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    test(`answer as RFC 7616, 3.9.1 does with ${algorithm}`, ({ assert }) => {
      const challenges = parseChallenges(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
          `nonce="${NONCE}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
      )
      const header = authorize(challenges, GUARDED, MUFASA, CNONCE)
      assert.include(header, `response="${response}"`)
      assert.include(header, 'qop=auth, nc=00000001')
      assert.include(header, 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
    })
  }

  test('answer without qop as the erratum of RFC 2069 does', ({ assert }) => {
    const header = authorize(
      parseChallenges(
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
      ),
      GUARDED,
      { user: 'Mufasa', password: 'CircleOfLife' },
      CNONCE
    )
    assert.include(header, 'response="1949323746fe6a43ef61f9606e7febea"')
    assert.notInclude(header, 'cnonce')
  })

  test('read several challenges out of one line', ({ assert }) => {
    const challenges = parseChallenges('Basic realm="a, b=\\"c\\"", DIGEST nonce=x , qop="auth"')
    assert.deepEqual(
      challenges.map(({ scheme, params }) => [scheme, ...params]),
      [
        ['basic', ['realm', 'a, b="c"']],
        ['digest', ['nonce', 'x'], ['qop', 'auth']],
      ]
    )
  })

  test('know no answer to what it does not know', ({ assert }) => {
    for (const header of [
      '',
      'Negotiate',
      'Digest realm="x", nonce="y", algorithm=SHA-512-256',
      'Digest realm="x", nonce="y", qop="auth-int"',
    ]) {
      assert.isNull(authorize(parseChallenges(header), GUARDED, MUFASA))
    }
  })
})

test.group('Edge | http', (group) => {
  const servers: HttpServer[] = []
  const plain: Server[] = []
  const serve = async (...args: Parameters<typeof listen>) => {
    const server = await listen(...args)
    servers.push(server)
    return server
  }
  const serveTcp = async (handle: (socket: Socket) => void) => {
    const server = await listenTcp(handle)
    plain.push(server)
    return server
  }
  group.each.teardown(async () => {
    await Promise.all([...servers.splice(0).map(closed), ...plain.splice(0).map(closedTcp)])
  })

  const challenge = (response: ServerResponse, header: string) => {
    response.writeHead(401, { 'www-authenticate': header })
    response.end('no')
  }

  for (const params of [
    'qop="auth"',
    'algorithm=MD5',
    'algorithm=MD5-sess, qop="auth,auth-int"',
    'algorithm=SHA-256, qop=auth',
    'algorithm=SHA-256-sess, qop="auth"',
  ]) {
    test(`log in with digest, ${params}`, async ({ assert }) => {
      const credentials = { user: 'root "x"'.slice(0, 4), password: 'pässword' }
      const server = await serve((request, response, body) =>
        isDigestRight(request, credentials)
          ? response.end(`yes ${request.method} ${body}`)
          : challenge(response, `Digest realm="antMiner Configuration", nonce="n1", ${params}`)
      )
      const reply = await ask(server, {
        method: 'POST',
        path: '/cgi-bin/x.cgi?a=1&b=2',
        body: { on: true },
        auth: credentials,
      })
      assert.deepInclude(reply, { status: 200, text: 'yes POST {"on":true}' })
    })
  }

  test('give a wrong password once and hand back the 401', async ({ assert }) => {
    let asked = 0
    const server = await serve((_, response) => {
      asked++
      challenge(response, `Digest realm="r", nonce="n${asked}", qop="auth"`)
    })
    const reply = await ask(server, { path: '/', auth: { user: 'root', password: 'wrong' } })
    assert.equal(reply.status, 401)
    assert.equal(asked, 2)
  })

  test('take a new nonce once when the old one is stale', async ({ assert }) => {
    const credentials = { user: 'root', password: 'root' }
    const asked: string[] = []
    const server = await serve((request, response) => {
      asked.push(request.headers.authorization ?? '')
      if (isDigestRight(request, credentials, new Set(['n2']))) return response.end('yes')
      challenge(response, `Digest realm="r", nonce="n${asked.length}", qop="auth", stale=true`)
    })
    assert.equal((await ask(server, { path: '/', auth: credentials })).text, 'yes')
    assert.lengthOf(asked, 3)
    const stubborn = await serve((_, response) => {
      asked.push('')
      challenge(response, 'Digest realm="r", nonce="n", qop="auth", stale=TRUE')
    })
    assert.equal((await ask(stubborn, { path: '/', auth: credentials })).status, 401)
    assert.lengthOf(asked, 6)
  })

  test('send credentials only after a challenge, and only given ones', async ({ assert }) => {
    const seen: (string | undefined)[] = []
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization)
      if (request.headers.authorization) return response.end('yes')
      challenge(response, 'Basic realm="x"')
    })
    assert.equal((await ask(server, { path: '/' })).status, 401)
    const reply = await ask(server, { path: '/', auth: { user: 'a', password: 'ü:b' } })
    assert.equal(reply.text, 'yes')
    const basic = `Basic ${Buffer.from('a:ü:b').toString('base64')}`
    assert.deepEqual(seen, [undefined, undefined, basic])
  })

  test('hand back a redirect and follow it nowhere', async ({ assert }) => {
    let asked = 0
    const server = await serve((_, response) => {
      asked++
      response.writeHead(307, { 'location': `/next`, 'set-cookie': ['a=1', 'b=2'] })
      response.end()
    })
    const reply = await ask(server, { path: '/', auth: { user: 'a', password: 'b' } })
    assert.equal(reply.status, 307)
    assert.equal(reply.headers.location, '/next')
    assert.equal(reply.headers['set-cookie'], 'a=1\nb=2')
    assert.equal(asked, 1)
  })

  test('give up on an answer that dribbles, and on one that never comes', async ({ assert }) => {
    const dribbling = await serve((_, response) => {
      response.write('{')
      const timer = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(timer))
    })
    assert.equal(await failureOf(ask(dribbling, { path: '/', deadlineMs: 80 })), 'timeout')
    const silent = await serveTcp(() => {})
    assert.equal(await failureOf(ask(silent, { path: '/', deadlineMs: 40 })), 'timeout')
    const header = await serveTcp((socket) => socket.write('HTTP/1.1 200 OK\r\nx: '))
    assert.equal(await failureOf(ask(header, { path: '/', deadlineMs: 40 })), 'timeout')
  })

  test('read no more than a megabyte', async ({ assert }) => {
    const server = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    })
    assert.equal(await failureOf(ask(server, { path: '/' })), 'too_large')
    const headers = await serveTcp((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)
    )
    assert.equal(await failureOf(ask(headers, { path: '/' })), 'too_large')
  })

  test('tell refused, reset, cut off and not HTTP apart', async ({ assert }) => {
    const gone = await serveTcp(() => {})
    const { port } = gone.address() as AddressInfo
    await closedTcp(plain.pop()!)
    const ports = { ...DEFAULT_PORTS, http: port }
    const refused = httpAsk({ ip: '127.0.0.1', ports, connectMs: 1000 }, { path: '/' })
    assert.equal(await failureOf(refused), 'refused')
    const reset = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()))
    assert.equal(await failureOf(ask(reset, { path: '/' })), 'reset')
    const hangup = await serveTcp((socket) => socket.once('data', () => socket.end()))
    assert.equal(await failureOf(ask(hangup, { path: '/' })), 'reset')
    const cut = await serveTcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'))
    )
    assert.equal(await failureOf(ask(cut, { path: '/' })), 'truncated')
    const cgminer = await serveTcp((socket) =>
      socket.once('data', () => socket.end('{"STATUS":[{"STATUS":"E"}]}\0'))
    )
    assert.equal(await failureOf(ask(cgminer, { path: '/' })), 'not_json')
  })

  test('refuse to send what HTTP cannot carry', async ({ assert }) => {
    const server = await serve((_, response) => response.end())
    const request = { path: '/', headers: { token: 'a\r\nx: y' } }
    assert.equal(await failureOf(ask(server, request)), 'unsupported')
    assert.equal(await failureOf(ask(server, { path: '/ x' })), 'unsupported')
  })

  test('drop a byte order mark', async ({ assert }) => {
    const server = await serve((_, response) => response.end('\uFEFF{"a":1}'))
    assert.equal((await ask(server, { path: '/' })).text, '{"a":1}')
  })
})
