import { test } from '@japa/runner'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { asSystem, makeSite } from '#tests/helpers'
import Collector from '../../models/collector.js'
import { acceptFound } from '../../services/accept.js'
import { FakeCollector, keyOf, machineNo, sampleOf } from '../support/fake_collector.js'

const stateOf = async (collector: FakeCollector) =>
  Object.fromEntries(
    (await collector.rows('fleet_found', { site_id: collector.siteId })).map((row) => [
      row.miner_key,
      row.state,
    ])
  )

async function addRange(collector: FakeCollector, addresses: string, zoneId: string | null = null) {
  await asSystem(collector.tenant, () =>
    current.get().client.table('fleet_ranges').insert({
      tenant_id: collector.tenant.id,
      id: newId(),
      site_id: collector.siteId,
      collector_id: collector.id,
      zone_id: zoneId,
      addresses,
    })
  )
}

async function review(collector: FakeCollector) {
  await asSystem(collector.tenant, async () => {
    const row = await Collector.named(collector.id)
    const { name, pollSeconds, detailSeconds, scanHours } = row
    await row.decide({ name, pollSeconds, detailSeconds, scanHours, autoAccept: false })
  })
}

test.group('Discovery', () => {
  test('make what is found ours, each with a number of its own, in the zone of its range', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    const zoneId = newId()
    await asSystem(collector.tenant, () =>
      current.get().client.table('zones').insert({
        tenant_id: collector.tenant.id,
        id: zoneId,
        site_id: collector.siteId,
        code: 'A',
        name: 'Hall A',
      })
    )
    await addRange(collector, '10.0.0.2-10.0.0.3', zoneId)
    const { body } = await collector.found([{}, {}, {}])
    assert.sameMembers(body.accepted, [keyOf(1), keyOf(2), keyOf(3)])
    const miners = (await collector.rows('fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepEqual(
      miners.map(({ no, zone_id: zone }) => [no, zone]),
      [
        [1, zoneId],
        [2, zoneId],
        [3, null],
      ]
    )
    await collector.found([machineNo(4)])
    assert.lengthOf(await collector.rows('fleet_miners', { no: 4 }), 1)
    const events = await collector.rows('audit_events', { name: 'fleet.miner.accepted' })
    assert.sameMembers(
      events.map(({ payload }) => payload.facts.count),
      [3, 1]
    )
  })

  test('stage it for review where the operator wants to look first', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await review(collector)
    const { body } = await collector.found([{}, { miner: 'ip:10.0.0.3', make: null, model: null }])
    assert.deepEqual(body.accepted, [])
    assert.deepEqual(await stateOf(collector), { [keyOf(1)]: 'new', 'ip:10.0.0.3': 'unknown' })
    const sent = await collector.send([sampleOf(1)])
    assert.equal(sent.body.quarantined[0].reason, 'not_ours')
    const [row] = await collector.rows('fleet_found', { miner_key: keyOf(1) })
    const count = await asSystem(collector.tenant, () => acceptFound({ ids: [row.id] }))
    assert.equal(count, 1)
    assert.equal((await stateOf(collector))[keyOf(1)], 'accepted')
    assert.deepEqual((await collector.send([sampleOf(1)])).body.quarantined, [])
  })

  test('move a machine with its address, and say what is gone', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await addRange(collector, '10.0.0.0/24')
    await collector.found([machineNo(1), machineNo(2), { ...machineNo(3), ip: '10.9.9.9' }])
    await collector.found([{ ...machineNo(1), ip: '10.0.0.200' }])
    const [moved] = await collector.rows('fleet_miners', { miner_key: keyOf(1) })
    assert.equal(moved.ip, '10.0.0.200')
    // The third is outside of what was scanned: nobody looked for it there.
    assert.deepEqual(await stateOf(collector), {
      [keyOf(1)]: 'accepted',
      [keyOf(2)]: 'gone',
      [keyOf(3)]: 'accepted',
    })
    const scans = await collector.rows('fleet_scans')
    const last = scans.sort((a, b) => b.started_at - a.started_at)[0]
    assert.deepEqual(last.changes, { accepted: 1, gone: 1 })
    // The first scan met all of them; that they were accepted at once makes them no less new.
    assert.deepEqual(scans.at(-1).changes, { accepted: 3, new: 3, gone: 0 })
    await collector.found([machineNo(2)])
    assert.equal((await stateOf(collector))[keyOf(2)], 'accepted')
    assert.lengthOf(await collector.rows('fleet_miners'), 3)
  })

  test('tell twins apart from one machine, and warn once', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    const twins = [machineNo(1), { ...machineNo(1), ip: '10.0.0.77' }]
    await collector.found(twins)
    await collector.found(twins)
    assert.deepEqual(await stateOf(collector), { [keyOf(1)]: 'duplicate' })
    assert.lengthOf(await collector.rows('fleet_miners'), 0)
    const alarms = await collector.rows('fleet_alarms')
    assert.deepEqual(
      alarms.map(({ kind }) => kind),
      ['duplicate_identity']
    )
  })

  test('know a machine again at another site, and take it there when somebody says so', async ({
    assert,
  }) => {
    const one = await FakeCollector.enrolled()
    await one.found([machineNo(1)])
    await one.send([sampleOf(1)])
    const siteId = await asSystem(one.tenant, () => makeSite())
    const two = await FakeCollector.enrolled({ tenant: one.tenant, siteId })
    await two.found([machineNo(1)])
    assert.deepEqual(await stateOf(two), { [keyOf(1)]: 'moved' })
    const [found] = await two.rows('fleet_found', { site_id: siteId })
    await asSystem(one.tenant, () => acceptFound({ ids: [found.id] }))
    const miners = await one.rows('fleet_miners')
    assert.deepEqual(
      miners.map(({ no, site_id: site }) => [no, site]),
      [[1, siteId]]
    )
    const [live] = await one.rows('fleet_telemetry_live')
    assert.equal(live.site_id, siteId)
    assert.deepEqual((await two.send([sampleOf(1)])).body.quarantined, [])
  })

  test('leave alone what somebody ignored, and tell the collector so', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await review(collector)
    await collector.found([machineNo(1)])
    await asSystem(collector.tenant, async () => {
      await current.get().client.from('fleet_found').update({ state: 'ignored' })
    })
    await collector.found([machineNo(1)])
    assert.deepEqual(await stateOf(collector), { [keyOf(1)]: 'ignored' })
    const { body } = await collector.ask('GET', 'config', undefined)
    const config = JSON.parse(Buffer.from(body.payload, 'base64url').toString())
    assert.deepEqual(config.ignored, [keyOf(1)])
  })

  test('refuse a report that is none', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    for (const bad of [
      { driver: 'Ant Miner' },
      { ip: '10.0.0.1; drop table' },
      { make: 'x'.repeat(81) },
      { evidence: 'sure' },
    ]) {
      const { status, body } = await collector.found([bad as object])
      assert.deepEqual([status, body.code], [422, 'E_MESSAGE'], JSON.stringify(bad))
    }
  })
})

test.group('Accepting', () => {
  test('leave alone what is gone, and give a retired machine that is found again a new number', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    await addRange(collector, '10.0.0.0/24')
    await collector.found([machineNo(1), machineNo(2)])
    await asSystem(collector.tenant, async () => {
      const { client } = current.get()
      await client.from('fleet_miners').where('no', 1).update({ rack: 'R1' })
      await client.from('fleet_miners').where('no', 2).update({ status: 'retired' })
      await client.from('fleet_found').where('miner_key', keyOf(2)).delete()
    })
    await collector.found([machineNo(2)])
    const [gone] = await collector.rows('fleet_found', { miner_key: keyOf(1) })
    assert.equal(gone.state, 'gone')
    assert.equal(await asSystem(collector.tenant, () => acceptFound({ ids: [gone.id] })), 0)
    const miners = (await collector.rows('fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepEqual(
      miners.map(({ no, status, rack }) => [no, status, rack]),
      [
        [1, 'active', 'R1'],
        [2, 'retired', null],
        [3, 'active', null],
      ]
    )
  })
})
