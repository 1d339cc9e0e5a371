import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AddressInfo, Socket } from 'node:net'
import { test } from '@japa/runner'
import { askCgminer } from '../src/wire/cgminer.js'
import { type Json, WireError } from '../src/wire/contract.js'
import { parseJson } from '../src/wire/json_repair.js'
import { refusalOf } from '../src/wire/status.js'
import { closeAll, listen } from './support/tcp_fixtures.js'
import { FIXTURES, fixtureJson, isHere, NOT_HERE } from './support/shared_fixtures.js'

const CASES: any[] = isHere ? fixtureJson('wire-quirks/cases.json').cases : []
/** Short enough for a test, longer than the silence after which an answer counts as whole. */
const DEADLINE_MS = 600

const bytesOf = (file: string) => readFileSync(resolve(FIXTURES, 'wire-quirks', file))

/** Asks a server of one connection; gives the answer or the error. */
const askServer = async (serve: (socket: Socket) => void, request: Json, maxBytes?: number) => {
  const sockets: Socket[] = []
  const server = await listen((socket) => {
    sockets.push(socket)
    serve(socket)
  })
  const { port } = server.address() as AddressInfo
  const answer = await askCgminer(
    { ip: '127.0.0.1', port, deadlineMs: DEADLINE_MS, maxBytes },
    request
  ).catch((error: unknown) => error)
  sockets.forEach((socket) => socket.destroy())
  await closeAll([server])
  return answer
}

const serveBytes = (bytes: Buffer, isLeftOpen: boolean) => (socket: Socket) =>
  socket.once('data', () => (isLeftOpen ? socket.write(bytes) : socket.end(bytes)))

const kindOf = (answer: unknown) => (answer instanceof WireError ? answer.kind : answer)

/** What each outcome of the fixtures means here. */
const CHECKS: Record<string, (assert: any, answer: any, example: any) => void> = {
  'ok': (assert, answer, { parsed }) => {
    assert.deepEqual(answer, parsed)
    assert.isNull(refusalOf(answer))
  },
  'ok-repaired': (assert, answer, { parsed }) => {
    assert.deepEqual(answer, parsed)
    assert.isNull(refusalOf(answer))
  },
  'api-error': (assert, answer, { parsed, checks }) => {
    assert.deepEqual(answer, parsed)
    assert.equal(refusalOf(answer)!.code, checks.code)
  },
  'truncated': (assert, answer) => assert.equal(kindOf(answer), 'truncated'),
  'not-json': (assert, answer) => assert.equal(kindOf(answer), 'not_json'),
  'empty': (assert, answer) => assert.equal(kindOf(answer), 'empty'),
  'mining-process-down': (assert, answer) => assert.equal(kindOf(answer), 'refused'),
  'table': (assert, answer, { checks }) =>
    assert.deepEqual(
      answer.map((form: Json) => refusalOf(form) === null),
      checks.ok
    ),
}

test.group('Edge wire | recorded and hostile answers', () => {
  for (const example of CASES) {
    test(`${example.name}: ${example.outcome}`, async ({ assert }) => {
      const isLeftOpen = example.server_close === 'open'
      const answer = await askServer(serveBytes(bytesOf(example.file), isLeftOpen), example.request)
      CHECKS[example.outcome]!(assert, answer, example)
    })
  }

  test('have the cases of the fixtures', ({ assert }) => {
    assert.isAtLeast(CASES.length, 16)
  }).skip(!isHere, NOT_HERE)
})

test.group('Edge wire | behaviour', () => {
  const VALID = '{"STATUS":[{"STATUS":"S"}],"VERSION":[{"API":"3.7"}],"id":1}'

  test('end with a time-out when the miner takes the question and stays silent', async ({
    assert,
  }) => {
    const answer = await askServer((socket) => socket.resume(), { command: 'version' })
    assert.equal(kindOf(answer), 'timeout')
  })

  test('cut off a flood', async ({ assert }) => {
    const flood = (socket: Socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'A')));
      }
      socket.on('drain', more)
      more()
    }
    assert.equal(kindOf(await askServer(flood, { command: 'stats' })), 'too_large')
  })

  test('report a reset', async ({ assert }) => {
    const answer = await askServer(
      (socket) =>
        socket.once('data', () => socket.write(VALID.slice(0, 10), () => socket.resetAndDestroy())),
      { command: 'version' }
    )
    assert.equal(kindOf(answer), 'reset')
  })

  test('report a closed port', async ({ assert }) => {
    const server = await listen(() => {})
    const { port } = server.address() as AddressInfo
    await closeAll([server])
    const answer = await askCgminer({ ip: '127.0.0.1', port }, {}).catch((error) => error)
    assert.equal(kindOf(answer), 'refused')
  })

  test('end with a time-out when half an answer stalls', async ({ assert }) => {
    const answer = await askServer(serveBytes(Buffer.from(VALID.slice(0, 30)), true), {})
    assert.equal(kindOf(answer), 'timeout')
  })

  test('report a miner that hangs up without a word', async ({ assert }) => {
    assert.equal(kindOf(await askServer((socket) => socket.end(), {})), 'empty')
  })

  test('put an answer together from many segments', async ({ assert }) => {
    const answer = await askServer(
      (socket) =>
        socket.once('data', () => {
          socket.setNoDelay(true)
          for (const letter of VALID) socket.write(letter)
          socket.write('\0')
        }),
      { command: 'version' }
    )
    assert.deepEqual(answer, JSON.parse(VALID))
  })

  test('send the whole question in one segment', async ({ assert }) => {
    const segments: string[] = []
    await askServer(
      (socket) =>
        socket.on('data', (bytes) => {
          segments.push(bytes.toString())
          socket.end(VALID)
        }),
      { command: 'pools', parameter: 'x'.repeat(1000) }
    )
    assert.deepEqual(segments, [JSON.stringify({ command: 'pools', parameter: 'x'.repeat(1000) })])
  })
})

test.group('Edge wire | repair of JSON', () => {
  const valueOf = (text: string) => {
    const parsed = parseJson(text)
    return parsed.kind === 'ok' ? parsed.value : parsed.kind
  }

  test('leave valid values alone, whatever they contain', ({ assert }) => {
    const tricky = { a: '}{ ,} [,{ ""temp0 nan inf', b: ['x":"y'], c: '\n' }
    assert.deepEqual(valueOf(JSON.stringify(tricky)), tricky)
  })

  test('leave values alone when something else is repaired', ({ assert }) => {
    assert.deepEqual(valueOf('{"a":"}{ ,} nan","b":1,}'), { a: '}{ ,} nan', b: 1 })
  })

  test('repair what firmware is known for', ({ assert }) => {
    assert.deepEqual(valueOf('{"a":nan,"b":-inf,"c":[Infinity]}'), { a: null, b: null, c: [null] })
    assert.deepEqual(valueOf('{"sn":"abc""temp0":5}'), { sn: 'abc', temp0: 5 })
    assert.deepEqual(valueOf('[,{"a":1}]'), [{ a: 1 }])
    assert.deepEqual(valueOf(',"id":1}'), { id: 1 })
    assert.deepEqual(valueOf('{"a":["1":"x"],"b":[1,2]}'), { a: { 1: 'x' }, b: [1, 2] })
  })

  test('give up on what is no JSON and on what is too deep', ({ assert }) => {
    assert.equal(valueOf('HTTP/1.1 400 Bad Request'), 'not_json')
    assert.equal(valueOf('{"a":1'), 'truncated')
    assert.equal(valueOf('['.repeat(100_000)), 'not_json')
    assert.equal(valueOf(`${'['.repeat(80)}${']'.repeat(80)}`), 'not_json')
    assert.equal(valueOf(`{"a":"${'\\'.repeat(300_001)}`), 'truncated')
  })

  test('keep a prototype as plain data', ({ assert }) => {
    const value = valueOf('{"__proto__":{"polluted":1},}') as any
    assert.isTrue(Object.hasOwn(value, '__proto__'))
    assert.isUndefined(({} as any).polluted)
  })
})
