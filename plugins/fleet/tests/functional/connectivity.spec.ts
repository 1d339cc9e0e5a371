import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem } from '#tests/helpers'
import { sweepConnectivity } from '../../services/connectivity_sweep.js'
import { FakeCollector, sampleOf } from '../support/fake_collector.js'

const MINUTE = 60_000

async function alive(count: number) {
  const collector = await FakeCollector.enrolled()
  await collector.found(Array.from({ length: count }, () => ({})))
  await collector.send(Array.from({ length: count }, (_, index) => sampleOf(index + 1)))
  await seenAt(collector, new Date())
  return collector
}

const seenAt = (collector: FakeCollector, at: Date) =>
  asSystem(collector.tenant, () =>
    current.get().client.from('fleet_collectors').where('id', collector.id).update({ seen_at: at })
  )

const sweepAt = (collector: FakeCollector, at: Date) =>
  asSystem(collector.tenant, () => sweepConnectivity(at))

const words = async (collector: FakeCollector) =>
  (await collector.rows('fleet_telemetry_live'))
    .sort((a, b) => a.miner_no - b.miner_no)
    .map(({ connectivity }) => connectivity)

test.group('Miners that go silent', () => {
  test('turn stale, then offline, each once, and come back with the next sample', async ({
    assert,
  }) => {
    const collector = await alive(2)
    const later = async (minutes: number) => {
      const at = new Date(Date.now() + minutes * MINUTE)
      await seenAt(collector, at)
      return [await sweepAt(collector, at), await words(collector)]
    }
    assert.deepEqual(await later(0), [0, ['online', 'online']])
    assert.deepEqual(await later(2), [2, ['stale', 'stale']])
    assert.deepEqual(await later(3), [0, ['stale', 'stale']])
    assert.deepEqual(await later(6), [2, ['offline', 'offline']])
    assert.deepEqual(await later(7), [0, ['offline', 'offline']])
    await collector.send([sampleOf(1, { at: Date.now() + 1000 })])
    assert.deepEqual(await words(collector), ['online', 'offline'])
    const changes = await collector.rows('fleet_connectivity_changes', { miner_no: 1 })
    assert.sameMembers(
      changes.map(({ became }) => became),
      ['online', 'stale', 'offline', 'online']
    )
  })

  test('are not called offline when it is the collector that is down; it is said once', async ({
    assert,
  }) => {
    const collector = await alive(1)
    const later = (minutes: number) => new Date(Date.now() + minutes * MINUTE)
    assert.equal(await sweepAt(collector, later(10)), 1)
    assert.equal(await sweepAt(collector, later(11)), 0)
    assert.deepEqual(await words(collector), ['collector_down'])
    const [alarm, ...more] = await collector.rows('fleet_alarms')
    assert.deepEqual([alarm.kind, more.length], ['collector_down', 0])
    await collector.ask('POST', 'heartbeat', {
      bootId: collector.bootId,
      version: '0.1.0',
      time: Date.now(),
      startedAt: Date.now(),
      queue: { batches: 0, bytes: 0, oldestAt: null, droppedSamples: 0 },
      miners: { known: 1, answering: 1 },
      rssBytes: 1,
      configVersion: 0,
      roundMs: null,
    })
    const [cleared] = await collector.rows('fleet_alarms')
    assert.isNotNull(cleared.cleared_at)
    const [row] = await collector.rows('fleet_collectors')
    assert.isFalse(row.is_down)
  })

  test('stay in maintenance while somebody works on them', async ({ assert }) => {
    const collector = await alive(2)
    const set = (status: string) =>
      asSystem(collector.tenant, () =>
        current.get().client.from('fleet_miners').where('no', 1).update({ status })
      )
    await set('maintenance')
    const later = (minutes: number) => new Date(Date.now() + minutes * MINUTE)
    await seenAt(collector, later(10))
    await sweepAt(collector, later(10))
    assert.deepEqual(await words(collector), ['maintenance', 'offline'])
    await set('active')
    await sweepAt(collector, later(10))
    assert.deepEqual(await words(collector), ['offline', 'offline'])
  })
})
