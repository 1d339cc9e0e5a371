import { parseRange } from '../protocol/ranges.js'
import { test } from '@japa/runner'
import type { Knocked } from '../src/discovery/knock.js'
import { addressesOf } from '../src/discovery/ranges.js'
import { scan } from '../src/discovery/scan.js'
import { Concurrency, TokenBucket } from '../src/discovery/throttle.js'
import { systemTime } from '../src/poll/time.js'
import { FakeTime } from './support/fake_time.js'
import { live } from './scan_setup.js'

test.group('Edge discovery | rounds', () => {
  const addresses = addressesOf([parseRange('10.0.0.1-10.0.0.200')!], 3)
  const base = { addresses, ports: { rpc: 1, http: 2 }, signal: live() }
  const examineAll = ({ ip }: { ip: string }) => Promise.resolve(ip)

  test('knock once more, and longer, where it was silent; where it refused not', async ({
    assert,
  }) => {
    const knocks = new Map<string, number[]>()
    const { found, silent } = await scan<string>({
      ...base,
      time: systemTime,
      examine: examineAll,
      knock: (ip, port, ms) => {
        if (port === 2) return Promise.resolve('refused')
        const before = knocks.get(ip) ?? []
        knocks.set(ip, [...before, ms])
        const no = Number(ip.split('.')[3])
        const late: Knocked = before.length > 0 ? 'open' : 'silent'
        return Promise.resolve(no === 7 ? late : no === 8 ? 'silent' : 'refused')
      },
    })
    assert.deepEqual(found, ['10.0.0.7'])
    assert.equal(silent, 1)
    assert.deepEqual(knocks.get('10.0.0.7'), [1000, 3000])
    assert.deepEqual(knocks.get('10.0.0.8'), [1000, 3000])
    assert.deepEqual(knocks.get('10.0.0.9'), [1000])
  })

  test('keep to the limit of addresses at a time and of connections a second', async ({
    assert,
  }) => {
    const time = new FakeTime(0)
    let active = 0
    let most = 0
    const done = scan<string>({
      ...base,
      time,
      limits: { concurrent: 20, connectionsPerSecond: 100 },
      examine: examineAll,
      knock: async (_ip, port, ms) => {
        if (port === 2) return 'refused'
        most = Math.max(most, ++active)
        await time.sleep(ms)
        active--
        return 'refused'
      },
    })
    let isDone = false
    void done.finally(() => (isDone = true))
    await time.until(() => isDone)
    await done
    assert.isAtMost(most, 20)
    // 200 addresses, two connections each, 100 of these a second; ten may come at once.
    assert.isAtLeast(time.monotonic(), 3900)
  })

  test('contact nobody any more once it is broken off', async ({ assert }) => {
    const stop = new AbortController()
    let knocks = 0
    const { found } = await scan<string>({
      ...base,
      signal: stop.signal,
      time: systemTime,
      examine: examineAll,
      knock: () => {
        if (++knocks === 20) stop.abort()
        return Promise.resolve('silent')
      },
    })
    assert.deepEqual(found, [])
    assert.isAtMost(knocks, 22)
  })

  test('fail with the first fault of ours', async ({ assert }) => {
    const fault = new TypeError('a bug')
    await assert.rejects(
      () =>
        scan<string>({
          ...base,
          time: systemTime,
          examine: () => Promise.reject(fault),
          knock: () => Promise.resolve('open'),
        }),
      'a bug'
    )
  })
})

test.group('Edge discovery | throttle', () => {
  test('fewer at once while this process is late, more again when it is not', ({ assert }) => {
    const concurrency = new Concurrency(1000)
    concurrency.observe(500)
    assert.equal(concurrency.limit, 500)
    for (let lag = 0; lag < 20; lag++) concurrency.observe(500)
    assert.equal(concurrency.limit, 50)
    for (let lag = 0; lag < 100; lag++) concurrency.observe(0)
    assert.equal(concurrency.limit, 1000)
  })

  test('a tenth of a second at once, then so many a second', ({ assert }) => {
    const bucket = new TokenBucket(100)
    const waits = Array.from({ length: 12 }, () => bucket.take(0))
    assert.deepEqual(waits.slice(0, 10), Array(10).fill(0))
    assert.deepEqual(waits.slice(10), [10, 20])
    assert.equal(bucket.take(1000), 0)
  })
})
