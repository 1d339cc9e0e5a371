import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { test } from '@japa/runner'
import type { DiscoveryReport } from '../protocol/messages.js'
import type { Sample } from '../protocol/sample.js'
import { isStorageTrouble, PAGE_BYTES } from '../src/store/database.js'
import { Intake } from '../src/store/intake.js'
import { bench, drain, PortalModel, sample, START } from './support/queue_bench.js'

const SMALL_PAGES = 64

/** Samples that do not compress well. */
const round = (miners: number, at: number) =>
  Array.from({ length: miners }, (_, index) => sample(index, at, Math.random() * 200))

test.group('Queue | the bound', () => {
  test('thins the oldest first, then drops, and counts both', ({ assert }) => {
    const on = bench(SMALL_PAGES * PAGE_BYTES)
    let appended = 0
    const thinnedFirst: number[] = []
    for (let index = 0; index < 1500; index++) {
      const samples = round(50, on.now())
      on.queue.append(samples, 0)
      appended += samples.length
      const { thinned, dropped } = on.queue.stats()
      if (dropped === 0) thinnedFirst.push(thinned)
      on.pass(60_000)
    }
    const { thinned, dropped, droppedSamples } = on.queue.stats()
    assert.isAbove(thinnedFirst.at(-1)!, 0)
    assert.isAbove(dropped, 0)
    assert.equal(droppedSamples, thinned + dropped)
    assert.isAtMost(statSync(on.file).size, SMALL_PAGES * PAGE_BYTES)
    assert.isAtMost(statSync(`${on.file}-wal`).size, 300 * PAGE_BYTES)
    on.reopen()
    assert.equal(on.queue.stats().droppedSamples, droppedSamples)
    const portal = new PortalModel()
    drain(on.queue, portal, on.now())
    assert.isTrue([...portal.counts.values()].every((count) => count === 1))
    assert.equal(portal.counts.size + droppedSamples, appended)
    on.end()
  }).timeout(60_000)

  test('keeps of each miner the last of five minutes, with the newest detail', ({ assert }) => {
    const on = bench(SMALL_PAGES * PAGE_BYTES)
    const detail = { model: 'S19' } as unknown as NonNullable<Sample['detail']>
    for (let index = 0; index < 30; index++) {
      const samples = round(60, on.now())
      if (index === 3) samples[0] = { ...samples[0]!, detail }
      on.queue.append(samples, 0)
      on.pass(10_000)
    }
    while (on.queue.stats().thinned === 0) {
      on.queue.append(round(60, on.now()), 0)
      on.pass(10_000)
    }
    const oldest = on.queue.claims.oldest(on.now())!.samples()
    const kept = oldest.filter(({ at }) => at < START + 300_000)
    assert.lengthOf(kept, 60)
    assert.isTrue(kept.every(({ at }) => at === START + 290_000))
    assert.deepEqual(
      kept.filter((one) => one.detail).map(({ miner }) => miner),
      ['ip:10.0.0.0']
    )
    on.end()
  }).timeout(30_000)

  test('goes on to thin what comes when all before it is thin', ({ assert }) => {
    const on = bench((SMALL_PAGES / 2) * PAGE_BYTES)
    for (let index = 0; on.queue.stats().dropped < 200; index++) {
      on.queue.append(round(25, on.now()), 0)
      on.pass(10_000)
      assert.isBelow(index, 20_000)
    }
    const portal = new PortalModel()
    const until = on.now() - 600_000
    const kept: Sample[] = []
    for (;;) {
      const claimed = on.queue.claims.oldest(on.now())
      if (!claimed) break
      kept.push(...claimed.samples())
      on.queue.settle(claimed, portal.take(claimed)!, on.queue.ackSeq)
    }
    const old = kept.filter(({ at }) => at < until)
    const places = new Set(old.map(({ miner, at }) => `${miner} ${Math.floor(at / 300_000)}`))
    assert.isAbove(old.length, 200)
    assert.equal(places.size, old.length)
    on.end()
  }).timeout(60_000)

  test('telemetry makes room for the report of a scan, which is never given up', ({ assert }) => {
    const on = bench(SMALL_PAGES * PAGE_BYTES)
    for (let index = 0; index < 1500; index++) {
      on.queue.append(round(50, on.now()), 0)
      on.pass(60_000)
    }
    const { droppedSamples } = on.queue.stats()
    const hostname = randomBytes(60_000).toString('hex')
    on.queue.addReport({ found: [{ hostname }] } as unknown as DiscoveryReport)
    assert.isAbove(on.queue.stats().droppedSamples, droppedSamples)
    assert.include(gunzipSync(on.queue.reports.first()!.gz).toString(), hostname)
    on.end()
  }).timeout(60_000)

  test('what was sent once is never changed, even if nothing more fits', ({ assert }) => {
    const on = bench(SMALL_PAGES * PAGE_BYTES)
    const portal = new PortalModel()
    const troubles: (string | null)[] = []
    const intake = new Intake({
      queue: on.queue,
      offsetMs: () => 0,
      onTrouble: (error) => troubles.push(error?.message ?? null),
    })
    let given = 0
    for (let index = 0; index < 600; index++) {
      for (const one of round(50, on.now())) {
        intake.add(one)
        given++
      }
      intake.flush()
      // The portal has it, but the answer never comes.
      const claimed = on.queue.claims.newest()
      if (claimed) portal.take(claimed)
      on.pass(10_000)
    }
    assert.lengthOf(troubles, 1)
    assert.isNotNull(intake.trouble)
    drain(on.queue, portal, on.now())
    intake.flush()
    assert.lengthOf(troubles, 2)
    assert.isNull(intake.trouble)
    drain(on.queue, portal, on.now())
    const { droppedSamples } = on.queue.stats()
    assert.equal(portal.counts.size + droppedSamples, given)
    assert.isTrue([...portal.counts.values()].every((count) => count === 1))
    on.end()
  }).timeout(60_000)

  test('a full disk is trouble and no surprise', ({ assert }) => {
    assert.isTrue(isStorageTrouble(Object.assign(new Error('full'), { errcode: 13 })))
    assert.isTrue(isStorageTrouble(Object.assign(new Error('io'), { errcode: 10 | (3 << 8) })))
    assert.isFalse(isStorageTrouble(new Error('a bug')))
  })
})
