import { test } from '@japa/runner'
import fc from 'fast-check'
import {
  COLLECTOR_DOWN_MS,
  CONNECTIVITY,
  connectivityOf,
  type Reachability,
} from '../../domain/connectivity.js'

const NOW = 1_800_000_000_000
const at = (more: Partial<Reachability>) =>
  connectivityOf({
    now: NOW,
    answeredAt: NOW - 10_000,
    state: 'mining',
    intervalMs: 30_000,
    collectorSeenAt: NOW - 5000,
    isMaintenance: false,
    ...more,
  })

test.group('Is it online?', () => {
  test('say what the miner says while it answers', ({ assert }) => {
    assert.equal(at({}), 'online')
    for (const state of ['paused', 'starting', 'tuning'] as const)
      assert.equal(at({ state }), state)
    for (const state of ['fault', 'unknown', 'toString']) assert.equal(at({ state }), 'online')
  })

  test('turn stale after two intervals and offline after five minutes', ({ assert }) => {
    const silent = (ms: number) => at({ answeredAt: NOW - ms })
    assert.deepEqual([60_000, 60_001, 300_000, 300_001].map(silent), [
      'online',
      'stale',
      'stale',
      'offline',
    ])
    assert.equal(at({ answeredAt: null }), 'offline')
    // Polled every ten minutes, it has twenty.
    assert.equal(at({ answeredAt: NOW - 1_200_000, intervalMs: 600_000 }), 'online')
    assert.equal(at({ answeredAt: NOW - 1_200_001, intervalMs: 600_000 }), 'offline')
  })

  test('blame the collector when it is silent itself, and not before', ({ assert }) => {
    const both = { answeredAt: NOW - 600_000, collectorSeenAt: NOW - COLLECTOR_DOWN_MS }
    assert.equal(at(both), 'offline')
    assert.equal(at({ ...both, collectorSeenAt: both.collectorSeenAt - 1 }), 'collector_down')
    assert.equal(at({ collectorSeenAt: null }), 'online')
    assert.equal(at({ collectorSeenAt: null, answeredAt: null }), 'collector_down')
  })

  test('let maintenance stand above all, and always give one of the known words', ({ assert }) => {
    const moment = fc.option(fc.integer({ min: NOW - 10 ** 7, max: NOW }), { nil: null })
    const given = fc.record({
      answeredAt: moment,
      collectorSeenAt: moment,
      state: fc.constantFrom('mining', 'paused', 'starting', 'tuning', 'fault', 'unknown'),
      intervalMs: fc.integer({ min: 5000, max: 3_600_000 }),
    })
    fc.assert(
      fc.property(given, (one) => {
        assert.equal(at({ ...one, isMaintenance: true }), 'maintenance')
        assert.include(CONNECTIVITY, at(one))
      })
    )
  })
})
