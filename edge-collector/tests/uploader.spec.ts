import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { EDGE_PATH } from '../protocol/messages.js'
import type { Sample } from '../protocol/sample.js'
import { PortalClient } from '../src/portal/client.js'
import { Gate } from '../src/portal/gate.js'
import { createTransport, type Transport } from '../src/portal/transport.js'
import { Uploader } from '../src/portal/uploader.js'
import { Queue } from '../src/store/queue.js'
import { FakePortal } from './support/fake_portal.js'
import { FakeTime } from './support/fake_time.js'

const START = Date.UTC(2026, 0, 5)
const TELEMETRY = `${EDGE_PATH}/telemetry`

const sample = (miner: string, at: number): Sample => ({
  miner,
  at,
  poll_ms: 40,
  outcome: 'ok',
  state: 'mining',
  ip: '10.0.0.1',
})

/** A queue, an uploader and a portal on a socket; time passes when all of them wait. */
async function bench({ portalAheadMs = 0 } = {}) {
  let underWay = 0
  const time = new FakeTime(START, () => underWay > 0)
  const keys = generateKeyPairSync('ed25519')
  const portal = new FakePortal(keys.publicKey, () => time.clock() + portalAheadMs)
  const transport = createTransport(await portal.listen())
  const counted: Transport = async (request) => {
    underWay++
    try {
      return await transport(request)
    } finally {
      underWay--
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'edge-uploader-'))
  const file = join(folder, 'queue.db')
  const queue = new Queue({ file, maxBytes: 64 * 1024 * 1024, clock: time.clock })
  const identity = {
    collectorId: '11111111-2222-4333-8444-555555555555',
    key: keys.privateKey,
  }
  const client = new PortalClient(identity, counted, time)
  const gate = new Gate({ time, random: () => 0.5 })
  const logs: string[] = []
  const uploader = new Uploader({
    queue,
    client,
    gate,
    time,
    log: (_, message) => void logs.push(message),
  })
  const stopped = new AbortController()
  const running = uploader.run(stopped.signal)
  const appended: string[] = []
  return {
    time,
    portal,
    queue,
    client,
    gate,
    logs,
    appended,
    append(...miners: string[]) {
      const samples = miners.map((miner) => sample(miner, time.clock()))
      queue.append(samples, client.offsetMs())
      appended.push(...samples.map(({ miner, at }) => `${miner} ${at}`))
      uploader.wake()
    },
    drained: () => time.until(() => queue.stats().batches === 0),
    statuses: () =>
      portal.requests.filter(({ path }) => path === TELEMETRY).map(({ status }) => status),
    async end() {
      stopped.abort()
      await running
      transport.close()
      await portal.close()
      queue.close()
      rmSync(folder, { recursive: true })
    },
  }
}

type Bench = Awaited<ReturnType<typeof bench>>

/** Everything that was appended is in the portal, once. */
const isExact = ({ portal, appended }: Bench) =>
  portal.taken.size === appended.length && appended.every((name) => portal.taken.get(name) === 1)

test.group('Uploader', () => {
  test('sends signed batches with numbers without gaps', async ({ assert }) => {
    const on = await bench()
    for (const miner of ['ip:10.0.0.1', 'ip:10.0.0.2', 'ip:10.0.0.3']) {
      on.append(miner)
      await on.drained()
    }
    assert.isTrue(isExact(on))
    assert.deepEqual(
      on.portal.batches.map(({ seq, isBackfill }) => [seq, isBackfill]),
      [
        [1, false],
        [2, false],
        [3, false],
      ]
    )
    assert.isNull(on.portal.batches[0]!.offsetMs)
    assert.equal(on.portal.batches[1]!.offsetMs, 0)
    await on.end()
  })

  test('an answer that is lost repeats the same batch under the same number', async ({
    assert,
  }) => {
    const on = await bench()
    on.portal.faults = [{ type: 'answer_lost' }]
    on.append('ip:10.0.0.1', 'ip:10.0.0.2')
    await on.drained()
    const [first, second] = on.portal.batches
    assert.deepEqual([second!.seq, second!.samples], [first!.seq, first!.samples])
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('409 begins a new boot, and nothing that was not taken is lost', async ({ assert }) => {
    const on = await bench()
    on.portal.occupy(on.queue.bootId, 1)
    const { bootId } = on.queue
    on.append('ip:10.0.0.1')
    await on.drained()
    assert.deepEqual(on.statuses(), [409, 200])
    assert.notEqual(on.portal.batches[1]!.bootId, bootId)
    assert.equal(on.portal.batches[1]!.seq, 1)
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('a portal that answers 409 for ever is not asked in a tight loop', async ({ assert }) => {
    const on = await bench()
    const conflict = { type: 'status', status: 409 } as const
    on.portal.faults = Array.from({ length: 200 }, () => conflict)
    on.append('ip:10.0.0.1')
    await on.time.pass(600_000)
    assert.isBelow(on.portal.requests.length, 30)
    on.portal.faults = []
    await on.drained()
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('413 halves a batch until it fits', async ({ assert }) => {
    const on = await bench()
    on.portal.mostSamples = 3
    on.append(...Array.from({ length: 10 }, (_, index) => `ip:10.0.0.${index}`))
    await on.drained()
    assert.isTrue(isExact(on))
    const accepted = on.portal.requests.filter(({ status }) => status === 200)
    assert.isTrue(accepted.every(({ batch }) => batch!.samples.length <= 3))
    assert.equal(on.queue.stats().quarantined, 0)
    await on.end()
  })

  test('422 sets the samples aside, counted, and goes on with the next', async ({ assert }) => {
    const on = await bench()
    on.portal.unreadableMiner = 'ip:10.9.9.9'
    on.append('ip:10.9.9.9', 'ip:10.0.0.1')
    await on.drained()
    on.append('ip:10.0.0.2')
    await on.drained()
    assert.equal(on.queue.stats().quarantined, 2)
    assert.deepEqual(on.statuses(), [422, 200, 200])
    assert.deepEqual(on.portal.batches[1]!.samples, [])
    assert.deepEqual([...on.portal.taken.keys()], [on.appended[2]])
    await on.end()
  })

  test('waits as long as 429 and 503 ask for', async ({ assert }) => {
    const on = await bench()
    for (const status of [429, 503]) {
      const before = on.portal.requests.length
      on.portal.faults = [{ type: 'status', status, headers: { 'retry-after': '45' } }]
      on.append('ip:10.0.0.1')
      await on.drained()
      const [refused, taken] = on.portal.requests.slice(before)
      assert.equal(refused!.status, status)
      assert.isAtLeast(taken!.at - refused!.at, 45_000)
      assert.isAtMost(taken!.at - refused!.at, 50_000)
    }
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('backs off longer each time, up to a minute', async ({ assert }) => {
    const on = await bench()
    on.portal.faults = Array.from({ length: 9 }, () => ({ type: 'status', status: 500 }) as const)
    on.append('ip:10.0.0.1')
    await on.drained()
    const times = on.portal.requests.map(({ at }) => at)
    const pauses = times.slice(1).map((at, index) => at - times[index]!)
    assert.isTrue(pauses.slice(1, 6).every((pause, index) => pause > pauses[index]!))
    assert.isTrue(pauses.every((pause) => pause >= 500 && pause <= 61_000))
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('stops when it was taken out, says so, and loses nothing', async ({ assert }) => {
    const on = await bench()
    on.portal.revoked = true
    on.append('ip:10.0.0.1')
    await on.time.until(() => on.gate.isRefused)
    await on.time.pass(3_600_000)
    assert.deepEqual(on.statuses(), [403])
    assert.match(on.logs.join(), /refuses this collector/)
    assert.equal(on.queue.stats().batches, 1)
    on.portal.revoked = false
    // A heartbeat was answered well.
    on.gate.reached()
    await on.drained()
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('a clock that is a day off is learnt from the refusal', async ({ assert }) => {
    const on = await bench({ portalAheadMs: 86_400_000 })
    on.append('ip:10.0.0.1')
    await on.drained()
    assert.deepEqual(on.statuses(), [403, 200])
    assert.equal(on.client.offsetMs(), 86_400_000)
    // At once: it was no failure.
    assert.equal(on.portal.requests[0]!.at, on.portal.requests[1]!.at)
    assert.isFalse(on.gate.isRefused)
    // Somebody sets the clock: what was measured is forgotten and measured again.
    on.time.wallAt -= 7_200_000
    on.append('ip:10.0.0.2')
    await on.drained()
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('after an outage live data goes first and the past is filled up beside it', async ({
    assert,
  }) => {
    const on = await bench()
    on.portal.isDown = true
    for (let index = 0; index < 600; index++) {
      on.append('ip:10.0.0.1', 'ip:10.0.0.2')
      await on.time.pass(10_000)
    }
    assert.equal(on.portal.taken.size, 0)
    on.portal.isDown = false
    const backAt = on.time.clock()
    await on.time.until(() => on.portal.taken.size > 0)
    for (let index = 0; index < 30; index++) {
      on.append('ip:10.0.0.1', 'ip:10.0.0.2')
      await on.time.pass(10_000)
    }
    await on.drained()
    assert.isTrue(isExact(on))
    // What was made after the portal came back was there within its turn.
    const lags = on.portal.requests.flatMap(({ at, batch }) =>
      batch && !batch.isBackfill && batch.samples[0]!.at > backAt ? at - batch.samples[0]!.at : []
    )
    assert.isAbove(lags.length, 20)
    assert.isAtMost(Math.max(...lags), 10_000)
    assert.isTrue(on.portal.batches.some(({ isBackfill }) => isBackfill))
    // Back-fill puts small batches together.
    assert.isBelow(on.portal.batches.length, 200)
    await on.end()
  }).timeout(60_000)

  test('the newest does not wait behind the past', async ({ assert }) => {
    const on = await bench()
    on.portal.isDown = true
    on.append('ip:10.0.0.1')
    await on.time.until(() => on.gate.trouble !== null)
    // Under offsets that differ, so that they are not put together.
    for (let index = 0; index < 40; index++) {
      on.queue.append([sample('ip:10.0.0.2', on.time.clock() + index)], index * 5000)
    }
    await on.time.pass(600_000)
    on.portal.isDown = false
    on.append('ip:10.0.0.3')
    await on.drained()
    const order = on.portal.batches.map(({ samples }) => samples[0]!.miner)
    assert.isAbove(order.length, 41)
    assert.isBelow(order.indexOf('ip:10.0.0.3'), 8)
    await on.end()
  })

  test('a portal that forgot what it acknowledged gets a new boot', async ({ assert }) => {
    const on = await bench()
    on.append('ip:10.0.0.1')
    await on.drained()
    const { bootId } = on.queue
    on.portal.faults = [{ type: 'status', status: 200, body: { ackSeq: 0, quarantined: [] } }]
    on.append('ip:10.0.0.2')
    await on.time.until(() => on.queue.bootId !== bootId)
    await on.drained()
    assert.isTrue(isExact(on))
    await on.end()
  })

  test('an answer of somebody else, as of a proxy, acknowledges nothing', async ({ assert }) => {
    const on = await bench()
    on.portal.faults = [{ type: 'status', status: 200, body: { welcome: 'to the hotel' } }]
    on.append('ip:10.0.0.1')
    await on.drained()
    assert.deepEqual(on.statuses(), [200, 200])
    assert.isTrue(isExact(on))
    await on.end()
  })
})
