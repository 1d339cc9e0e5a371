import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { joining } from '../src/drivers/joined.js'
import { createSession, isUnsupported } from '../src/drivers/session.js'
import { createWire } from '../src/wire/miner_wire.js'
import { closeAll, listen } from './support/tcp_fixtures.js'

const ONES: Record<string, object> = {
  version: { STATUS: [{ STATUS: 'S' }], VERSION: [{ API: '3.7' }] },
  summary: { STATUS: [{ STATUS: 'S' }], SUMMARY: [{ Elapsed: 7 }] },
  devs: { STATUS: [{ STATUS: 'E', Code: 10, Msg: 'No ASCs' }], id: 1 },
  pools: { STATUS: [{ STATUS: 'E', Code: 45, Msg: 'access denied' }] },
}
const UNKNOWN = { STATUS: [{ STATUS: 'E', Code: 14, Msg: 'Invalid command' }] }
const LOST = Symbol('lost')
const NEVER = Symbol('never')
const COMMANDS = ['version', 'summary', 'devs', 'pools', 'stats']

const one = (command: string): object => ONES[command] ?? UNKNOWN
const all = (command: string) => ({
  ...Object.fromEntries(command.split('+').map((name) => [name, [one(name)]])),
  id: 1,
})

/** What a session reads of a miner that answers joined commands like this, and what it was asked. */
const readOf = async (answerJoined: (command: string) => unknown) => {
  const asked: string[] = []
  const server = await listen((socket) => {
    socket.once('data', (bytes) => {
      const { command } = JSON.parse(bytes.toString())
      asked.push(command)
      const answer = command.includes('+') ? answerJoined(command) : one(command)
      if (answer === LOST) socket.destroy()
      else if (answer !== NEVER) socket.end(`${JSON.stringify(answer)}\0`)
    })
  })
  const { port: rpc } = server.address() as AddressInfo
  const ports = { rpc, http: 1, https: 1, v3: 1, rest: 1 }
  const plain = createSession(createWire({ ip: '127.0.0.1', ports, askMs: 300 }))
  try {
    const session = await joining(plain, COMMANDS)
    const answers: unknown[] = []
    for (const command of COMMANDS) answers.push(await session.rpc(command))
    const other = await session.rpc('version', '0')
    return { answers, other, asked, session, plain }
  } finally {
    await closeAll([server])
  }
}

const EXPECTED = [ONES.version, ONES.summary, ONES.devs, null, null]
const JOINED = COMMANDS.join('+')

test.group('Edge drivers | joined commands', () => {
  test('one question gets all answers, each with a verdict of its own', async ({ assert }) => {
    const { answers, asked, session, plain } = await readOf(all)
    assert.deepEqual(answers, EXPECTED)
    assert.deepEqual(asked, [JOINED, 'version'])
    assert.deepEqual(
      session.problems.map(({ request, kind }) => `${request} ${kind}`),
      ['pools api_error', 'stats unsupported']
    )
    assert.isTrue(isUnsupported(session, 'stats'))
    assert.equal(plain.answered, 4)
  })

  const bad: Record<string, (command: string) => unknown> = {
    'refuses them': () => UNKNOWN,
    'answers in no way known': () => ({ what: 1 }),
    'hangs up': () => LOST,
    'takes too long for all of them': () => NEVER,
    'answers the first one only': () => ONES.version,
  }
  for (const [name, answer] of Object.entries(bad)) {
    test(`a miner that ${name} is asked one by one`, async ({ assert }) => {
      const { answers, asked, session } = await readOf(answer)
      assert.deepEqual(answers, EXPECTED)
      assert.deepEqual(asked, [JOINED, ...COMMANDS, 'version'])
      assert.deepEqual(
        session.problems.map(({ request, kind }) => `${request} ${kind}`),
        ['pools api_error', 'stats unsupported']
      )
    })
  }

  test('only what was left out is asked again', async ({ assert }) => {
    const { answers, asked } = await readOf((command) => {
      const { summary: _, ...rest } = all(command) as Record<string, unknown>
      return rest
    })
    assert.deepEqual(answers, EXPECTED)
    assert.deepEqual(asked, [JOINED, 'summary', 'version'])
  })
})
