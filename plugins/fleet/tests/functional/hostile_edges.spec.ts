import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { FakeCollector, sampleOf } from '../support/fake_collector.js'

const DETAIL = {
  mac: '02:00:00:00:00:01',
  model: 'S19',
  algorithm: 'sha256d',
  capabilities: ['reboot'],
  fans: [{ slot: 0, rpm: 5000 }],
  hashboards: [{ slot: 0, present: true, active: true, hashrate_ths: 36 }],
  pools: [{ index: 0, url: 'stratum+tcp://pool:3333', user: 'a.b', active: true }],
  errors: [{ code: 'F1', severity: 'error', message: 'fan' }],
  tuning_target: { type: 'power', value: 3000 },
}

const HOSTILE: unknown[] = [
  null,
  -1,
  1e308,
  1.5,
  '',
  'x'.repeat(5000),
  '\u0000',
  '\ud800',
  '=cmd|calc!A0',
  '<script>alert(1)</script>',
  "'); drop table users; --",
  [],
  {},
  [[[[]]]],
  { __proto__: null, constructor: { prototype: {} } },
  true,
  '2026-01-01',
  Number.MAX_SAFE_INTEGER + 2,
]

/** Every place of a value: its path. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, item]) =>
    places(item, [...path, Array.isArray(value) ? Number(key) : key])
  )
  return path.length > 0 ? [path, ...below] : below
}

type Change = 'replace' | 'remove' | 'repeat'

function changed(value: any, path: (string | number)[], change: Change, hostile: unknown): unknown {
  const copy = structuredClone(value)
  const parent = path.slice(0, -1).reduce((at, key) => at[key], copy)
  const key = path.at(-1)!
  if (change === 'remove') delete parent[key]
  else if (change === 'repeat') parent[key] = Array.from({ length: 500 }, () => parent[key])
  else parent[key] = hostile
  return copy
}

test.group('Hostile collectors', () => {
  test('get a refusal of the right class or lose the bad record, never break the portal', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    await collector.found([{}, {}])
    const good = () => ({
      bootId: randomUUID(),
      seq: 1,
      sentAt: Date.now(),
      offsetMs: 0,
      isBackfill: false,
      samples: [{ ...sampleOf(1), detail: DETAIL }, sampleOf(2)],
    })
    const paths = places(good())
    const seen = new Map<string, number>()
    const attempt = fc.tuple(
      fc.constantFrom(...paths),
      fc.constantFrom<Change>('replace', 'replace', 'replace', 'remove', 'repeat'),
      fc.constantFrom(...HOSTILE)
    )
    const work = fc.sample(attempt, { numRuns: 1000, seed: 4 })
    for (let at = 0; at < work.length; at += 8) {
      await Promise.all(
        work.slice(at, at + 8).map(async ([path, change, hostile]) => {
          const batch = changed(good(), path, change, hostile)
          const { status, body } = await collector.ask('POST', 'telemetry', batch)
          const what = `${change} ${path.join('.')} ${JSON.stringify(hostile)?.slice(0, 40)}`
          assert.include([200, 422], status, `${what}: ${JSON.stringify(body)}`)
          if (status === 422) assert.equal(body.code, 'E_MESSAGE', what)
          seen.set(String(status), (seen.get(String(status)) ?? 0) + 1)
        })
      )
    }
    // Both ways were taken often: a test in which all is refused at the door would prove little.
    assert.isAbove(seen.get('200')!, 100)
    assert.isAbove(seen.get('422')!, 30)
    // And the portal still takes good ones, whole.
    const { status, body } = await collector.ask('POST', 'telemetry', good())
    assert.deepEqual([status, body], [200, { ackSeq: 1, quarantined: [] }])
    const live = await collector.rows('fleet_telemetry_live')
    assert.lengthOf(live, 2)
    assert.isTrue(live.every(({ hashrate_ths: ths }) => ths === null || ths <= 1e6))
  }).timeout(120_000)
})
