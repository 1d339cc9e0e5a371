import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import type { MeterSample } from '../protocol/meters.js'
import { Intake } from '../src/store/intake.js'
import { Thinner } from '../src/store/parcels.js'
import { bench, sample, START } from './support/queue_bench.js'

const METER = randomUUID()
const reading = (at: number, meter = METER): MeterSample => ({
  meter,
  at,
  poll_ms: 5,
  outcome: 'ok',
  power_w: 1000,
})

test.group('Queue | meters', () => {
  test('travel in batches of their own, never merged with those of miners', ({
    assert,
    cleanup,
  }) => {
    const on = bench()
    cleanup(() => on.end())
    const intake = new Intake({ queue: on.queue, offsetMs: () => 0 })
    for (let round = 0; round < 3; round++) {
      intake.add(sample(1, on.now()))
      intake.add(reading(on.now()))
      intake.flush()
      on.pass(1000)
    }
    const kinds: [string, number, number][] = []
    for (;;) {
      const claimed = on.queue.claims.oldest(on.now())
      if (!claimed) break
      kinds.push([claimed.kind, claimed.items().length, claimed.samples().length])
      for (const item of claimed.items()) {
        assert.equal('meter' in item, claimed.kind === 'meters')
      }
    }
    assert.equal(
      kinds.reduce((sum, [, items]) => sum + items, 0),
      6
    )
    for (const [kind, items, samples] of kinds) assert.equal(samples, kind === 'meters' ? 0 : items)
  })

  test('survive a restart and keep their kind', ({ assert, cleanup }) => {
    const on = bench()
    cleanup(() => on.end())
    on.queue.append([reading(START)], 0)
    on.reopen()
    const claimed = on.queue.claims.newest()
    assert.equal(claimed?.kind, 'meters')
    assert.deepEqual(claimed?.items(), [reading(START)])
  })

  test('are thinned to one in five minutes, each meter by itself', ({ assert }) => {
    const other = randomUUID()
    const thinner = new Thinner()
    const times = Array.from({ length: 20 }, (_, index) => START + index * 30_000)
    thinner.add(times.flatMap((at) => [reading(at), reading(at, other)]).toReversed())
    assert.deepEqual(
      thinner.kept().map(({ at }) => (at - START) / 1000),
      [270, 270, 570, 570]
    )
  })
})
