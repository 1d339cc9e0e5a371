import type { AddressInfo, Socket } from 'node:net'
import { test } from '@japa/runner'
import { emptyBoard, emptyReading, type Problem } from '../protocol/record.js'
import { cgminer } from '../src/drivers/cgminer/index.js'
import { efficiencyOf, hottestOf, outcomeOf, readMiner } from '../src/drivers/read_miner.js'
import { createSession } from '../src/drivers/session.js'
import { WireError } from '../src/wire/contract.js'
import { createLine } from '../src/wire/line.js'
import { createWire } from '../src/wire/miner_wire.js'
import { NO_CONNECTION } from '../src/wire/tcp.js'
import { toFrame } from '../src/wire/whatsminer_v3.js'
import { closeAll, listen } from './support/tcp_fixtures.js'

const REFUSED = { rpc: 1, http: 1, https: 1, v3: 1, rest: 1 }
const OK = { STATUS: [{ STATUS: 'S' }], VERSION: [{ API: '3.7' }] }

const withServer = async (
  serve: (socket: Socket) => void,
  run: (port: number) => Promise<void>
) => {
  const sockets: Socket[] = []
  const server = await listen((socket) => {
    sockets.push(socket)
    serve(socket)
  })
  try {
    await run((server.address() as AddressInfo).port)
  } finally {
    sockets.forEach((socket) => socket.destroy())
    await closeAll([server])
  }
}

const wireTo = (port: number, options = {}) =>
  createWire({ ip: '127.0.0.1', ports: { ...REFUSED, rpc: port, v3: port }, ...options })

const kindOf = async (question: Promise<unknown>): Promise<string> =>
  question.then(
    () => 'answered',
    (error: unknown) => (error instanceof WireError ? error.kind : 'another error')
  )

test.group('Edge wire | one miner', () => {
  test('connect again only once the answer is there', async ({ assert }) => {
    let open = 0
    let most = 0
    const serve = (socket: Socket) => {
      most = Math.max(most, ++open)
      const answer = () => {
        open--
        socket.end(`${JSON.stringify(OK)}\0`)
      }
      socket.once('data', () => setImmediate(answer))
    }
    await withServer(serve, async (port) => {
      const wire = wireTo(port)
      await Promise.all(['version', 'summary', 'pools', 'devs'].map((name) => wire.rpc(name)))
      assert.equal(most, 1)
    })
  })

  test('go on after a question that failed', async ({ assert }) => {
    let count = 0
    const serve = (socket: Socket) =>
      socket.once('data', () => socket.end(count++ === 0 ? '' : `${JSON.stringify(OK)}\0`))
    await withServer(serve, async (port) => {
      const wire = wireTo(port)
      assert.deepEqual(
        await Promise.all([kindOf(wire.rpc('version')), kindOf(wire.rpc('version'))]),
        ['empty', 'answered']
      )
    })
  })

  test('end all questions at the deadline of the poll', async ({ assert }) => {
    await withServer(
      (socket) => socket.resume(),
      async (port) => {
        const wire = wireTo(port, { deadlineMs: 150 })
        const startedAt = performance.now()
        const kinds = await Promise.all(
          Array.from({ length: 20 }, () => kindOf(wire.rpc('version')))
        )
        assert.sameMembers([...new Set(kinds)], ['timeout'])
        assert.isBelow(performance.now() - startedAt, 1500)
      }
    )
  })

  test('try a silent port twice and then no more', async ({ assert }) => {
    const line = createLine(5000, 10)
    const tries: number[] = []
    const silent = ({ connectMs }: { connectMs: number }) => {
      tries.push(connectMs)
      return Promise.reject(new WireError('timeout', `${NO_CONNECTION} within ${connectMs} ms`))
    }
    assert.equal(await kindOf(line(4028, 100, silent)), 'timeout')
    assert.equal(await kindOf(line(4028, 100, silent)), 'timeout')
    assert.deepEqual(tries, [10, 30])
    assert.equal(await line(80, 100, () => Promise.resolve('another port')), 'another port')
  })

  test('never ask again what may have been heard', async ({ assert }) => {
    const line = createLine(5000, 10)
    let tries = 0
    const lost = () => {
      tries++
      return Promise.reject(new WireError('timeout', 'no answer; 0 bytes came'))
    }
    assert.equal(await kindOf(line(4028, 100, lost)), 'timeout')
    assert.equal(tries, 1)
  })

  test('say what the API says no to', async ({ assert }) => {
    const answer = { STATUS: [{ STATUS: 'E', Code: 45, Msg: 'Access denied' }] }
    await withServer(
      (socket) => socket.once('data', () => socket.end(`${JSON.stringify(answer)}\0`)),
      async (port) => {
        const question = wireTo(port).rpc('version')
        assert.equal(await kindOf(question), 'api_error')
        await question.catch(({ message }) => assert.include(message, 'Access denied'))
      }
    )
  })

  test('refuse frames that are too long, cut off or no object', async ({ assert }) => {
    const frames: [string, Buffer][] = [
      ['too_large', Buffer.from([255, 255, 255, 127])],
      ['truncated', toFrame({ code: 0 }).subarray(0, 7)],
      ['empty', Buffer.alloc(0)],
      ['not_json', toFrame([1, 2])],
      ['api_error', toFrame({ code: -2, msg: 'no' })],
      ['answered', toFrame({ code: 0 })],
    ]
    for (const [kind, bytes] of frames) {
      await withServer(
        (socket) => socket.once('data', () => socket.end(bytes)),
        async (port) => assert.equal(await kindOf(wireTo(port).v3('get.device.info')), kind)
      )
    }
  })

  test('put a frame together from single bytes', async ({ assert }) => {
    const serve = (socket: Socket) =>
      socket.once('data', () => {
        for (const byte of toFrame({ code: 0, msg: 'ä' })) socket.write(Buffer.of(byte))
      })
    await withServer(serve, async (port) => {
      assert.deepEqual(await wireTo(port).v3('x'), { code: 0, msg: 'ä' })
    })
  })
})

test.group('Edge polls | outcome', () => {
  const problem = (kind: Problem['kind'], detail = ''): Problem => ({ request: 'x', kind, detail })

  test('tell a silent address from a dead API', ({ assert }) => {
    assert.equal(outcomeOf([problem('timeout', `${NO_CONNECTION} within 1 s`)], 0), 'unreachable')
    assert.equal(outcomeOf([problem('timeout', 'no answer')], 0), 'api_down')
    assert.equal(outcomeOf([problem('refused')], 0), 'api_down')
    assert.equal(outcomeOf([problem('refused'), problem('auth')], 0), 'auth_failed')
    assert.equal(outcomeOf([problem('auth')], 3), 'partial')
    assert.equal(outcomeOf([problem('unsupported')], 3), 'ok')
    assert.equal(outcomeOf([], 3), 'ok')
  })

  test('say nothing about a miner that does not answer', async ({ assert }) => {
    const wire = createWire({ ip: '127.0.0.1', ports: REFUSED })
    const record = await readMiner(cgminer, wire, () => 0)
    assert.equal(record.outcome, 'api_down')
    assert.isNull(record.hashrate_ths)
    assert.isNull(record.is_mining)
    assert.isNull(record.hashboards)
    assert.lengthOf(record.problems, 1)
  })

  test('let a bug through and keep what the wire says', async ({ assert }) => {
    const session = createSession(createWire({ ip: '127.0.0.1', ports: REFUSED }))
    await assert.rejects(() => session.ask('x', () => Promise.reject(new TypeError('bug'))), 'bug')
    assert.isNull(await session.rpc('voltageget', '0'))
    assert.equal(session.problems[0]!.request, 'voltageget 0')
    assert.equal(session.problems[0]!.kind, 'refused')
  })

  test('derive efficiency only while it hashes', ({ assert }) => {
    const reading = (hashrate: number | null, watts: number | null) => ({
      ...emptyReading(),
      hashrate_ths: hashrate,
      wattage_w: watts,
      expected_hashrate_ths: 100,
    })
    assert.equal(efficiencyOf(reading(100, 3000)), 30)
    assert.isNull(efficiencyOf(reading(0.9, 3000)))
    assert.isNull(efficiencyOf(reading(0, 3000)))
    assert.isNull(efficiencyOf(reading(100, null)))
  })

  test('take the hottest chip, else the hottest board', ({ assert }) => {
    const board = (chip: number | null, pcb: number) => ({
      ...emptyBoard(0),
      temp_chip_max_c: chip,
      temp_board_c: pcb,
    })
    const reading = (...hashboards: any[]) => ({ ...emptyReading(), hashboards })
    assert.equal(hottestOf(reading(board(80, 90), board(85, 60))), 85)
    assert.equal(hottestOf(reading(board(null, 60), board(null, 65))), 65)
    assert.isNull(hottestOf(emptyReading()))
  })
})
