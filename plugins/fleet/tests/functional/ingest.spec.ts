import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { test } from '@japa/runner'
import { asSystem, makeMember, asUser, makeSite } from '#tests/helpers'
import { current } from '#core/current'
import { FakeCollector, keyOf, machineNo, sampleOf } from '../support/fake_collector.js'

/** A collector with so many miners that are ours. */
async function withMiners(count: number) {
  const collector = await FakeCollector.enrolled()
  const { status, body } = await collector.found(Array.from({ length: count }, () => ({})))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return collector
}

const rawRows = (collector: FakeCollector) => collector.rows('fleet_telemetry_raw')

test.group('Ingest', () => {
  test('keep what was sent, in the raw and the live layer, and mark the roll-up', async ({
    assert,
  }) => {
    const collector = await withMiners(2)
    const at = Date.now() - 1000
    const samples = [
      sampleOf(1, { at, hashrate_ths: 110.25, wattage_w: 3250.5, uptime_s: 4_000_000_000 }),
      sampleOf(2, { at, hashrate_ths: undefined, wattage_w: null, state: 'paused' }),
    ]
    const { status, body } = await collector.send(samples)
    assert.deepEqual([status, body], [200, { ackSeq: 1, quarantined: [] }])
    const raw = (await rawRows(collector)).sort((a, b) => a.miner_no - b.miner_no)
    assert.lengthOf(raw, 2)
    assert.equal(raw[0].at.getTime(), at)
    assert.equal(raw[0].hashrate_ths, 110.25)
    assert.equal(raw[0].wattage_w, 3250.5)
    assert.equal(raw[0].uptime_s, '4000000000')
    // What the miner did not say is null, never zero.
    assert.isNull(raw[1].hashrate_ths)
    assert.isNull(raw[1].wattage_w)
    assert.isNull(raw[1].hardware_errors)
    const live = await collector.rows('fleet_telemetry_live')
    assert.sameMembers(
      live.map(({ connectivity }) => connectivity),
      ['online', 'paused']
    )
    const [due] = await collector.rows('fleet_rollup_due')
    assert.equal(due.bucket.getTime(), at - (at % 300_000))
    assert.equal(due.collector_id, collector.id)
  })

  test('take a batch once, however often and however many at a time it is sent', async ({
    assert,
  }) => {
    const collector = await withMiners(3)
    const samples = [1, 2, 3].map((no) => sampleOf(no))
    const answers = await Promise.all([1, 2, 3, 4].map(() => collector.sendAs(1, samples)))
    for (const { status, body } of answers) {
      assert.deepEqual([status, body.ackSeq], [200, 1])
    }
    assert.lengthOf(await rawRows(collector), 3)
    assert.lengthOf(await collector.rows('fleet_batches'), 1)
  })

  test('refuse other samples under a number that is taken, and raise an alarm once', async ({
    assert,
  }) => {
    const collector = await withMiners(1)
    await collector.sendAs(1, [sampleOf(1)])
    for (let n = 0; n < 2; n++) {
      const { status, body } = await collector.sendAs(1, [sampleOf(1, { hashrate_ths: 1 })])
      assert.deepEqual([status, body.code], [409, 'E_SEQ_CONFLICT'])
    }
    const alarms = await collector.rows('fleet_alarms')
    assert.deepEqual(
      alarms.map(({ kind }) => kind),
      ['batch_conflict']
    )
    assert.lengthOf(await rawRows(collector), 1)
    assert.lengthOf(await collector.rows('audit_events', { name: 'fleet.alarm.raised' }), 1)
  })

  test('acknowledge up to the first gap, and all once it is filled', async ({ assert }) => {
    const collector = await withMiners(1)
    const now = Date.now()
    const one = (n: number) => [sampleOf(1, { at: now - n * 1000 })]
    const acks = []
    for (const seq of [1, 3, 4, 2, 5]) {
      acks.push((await collector.sendAs(seq, one(seq))).body.ackSeq)
    }
    assert.deepEqual(acks, [1, 1, 1, 4, 5])
    assert.equal((await collector.sendAs(1, one(1), { bootId: randomUUID() })).body.ackSeq, 1)
  })

  test('keep one bad record aside and take the rest', async ({ assert }) => {
    const collector = await withMiners(2)
    const now = Date.now()
    const bad: [unknown, string, string][] = [
      [null, '', 'not_an_object'],
      [{ ...sampleOf(1), hashrate_ths: 'fast' }, 'hashrate_ths', 'not_a_number'],
      [{ ...sampleOf(1), hashrate_ths: -1 }, 'hashrate_ths', 'out_of_range'],
      [{ ...sampleOf(1), hashrate_ths: 1e7 }, 'hashrate_ths', 'out_of_range'],
      [{ ...sampleOf(1), outcome: undefined }, 'outcome', 'missing'],
      [{ ...sampleOf(1), state: '<script>' }, 'state', 'not_allowed'],
      [{ ...sampleOf(1), miner: 'mac:a b' }, 'miner', 'bad_form'],
      [{ ...sampleOf(1), uptime_s: 1.5 }, 'uptime_s', 'not_an_integer'],
      [sampleOf(1, { at: now + 600_000 }), 'at', 'in_the_future'],
      [sampleOf(1, { at: now - 8 * 86_400_000 }), 'at', 'too_old'],
      [sampleOf(99), 'miner', 'not_ours'],
    ]
    const { status, body } = await collector.send([
      sampleOf(1),
      ...bad.map(([sample]) => sample),
      sampleOf(2),
    ])
    assert.equal(status, 200)
    assert.deepEqual(
      body.quarantined,
      bad.map(([, field, reason], index) => ({ index: index + 1, field, reason }))
    )
    assert.lengthOf(await rawRows(collector), 2)
    const kept = await collector.rows('fleet_quarantine')
    assert.lengthOf(kept, bad.length - 1)
    assert.include(
      kept.map(({ field }) => field),
      'state'
    )
  })

  test('correct times by the offset of the clock, and keep the newest in the live layer', async ({
    assert,
  }) => {
    const collector = await withMiners(1)
    const now = Date.now()
    const behind = now - 3_600_000
    await collector.send([sampleOf(1, { at: behind, hashrate_ths: 100 })], { offsetMs: 3_600_000 })
    const [first] = await rawRows(collector)
    assert.equal(first.at.getTime(), now)
    await collector.send([sampleOf(1, { at: now - 60_000, hashrate_ths: 50 })])
    const [live] = await collector.rows('fleet_telemetry_live')
    assert.equal(live.hashrate_ths, 100)
    assert.lengthOf(await rawRows(collector), 2)
  })

  test('write down when a miner comes and goes', async ({ assert }) => {
    const collector = await withMiners(1)
    const now = Date.now()
    await collector.send([sampleOf(1, { at: now - 400_000 })])
    await collector.send([
      sampleOf(1, { at: now - 1000, outcome: 'unreachable', state: 'unknown' }),
    ])
    await collector.send([sampleOf(1, { at: now })])
    const changes = await collector.rows('fleet_connectivity_changes')
    assert.deepEqual(
      changes.sort((a, b) => a.at - b.at).map(({ was, became }) => [was, became]),
      [
        [null, 'offline'],
        ['offline', 'online'],
      ]
    )
  })

  test('keep boards, pools and identity of a detailed sample, and warn of another pool', async ({
    assert,
  }) => {
    const collector = await withMiners(1)
    const pool = (url: string) => ({ index: 0, url, user: '=1+1', alive: true, active: true })
    const detail = (url: string) => ({
      mac: null,
      model: 'S19 Pro<script>alert(1)</script>',
      algorithm: 'sha256d',
      capabilities: ['reboot'],
      hashboards: [
        { slot: 0, present: true, active: true, chips_working: 110, chips_expected: 114 },
        { slot: 1, present: false },
      ],
      pools: [pool(url)],
      errors: [],
      secret: 'never kept',
    })
    const now = Date.now()
    const said = (url: string, at: number) =>
      collector.send([{ ...sampleOf(1, { at }), detail: detail(url) }])
    const { body } = await said('stratum+tcp://one:3333', now - 2000)
    assert.deepEqual(body.quarantined, [])
    const [miner] = await collector.rows('fleet_miners')
    assert.equal(miner.model, 'S19 Pro<script>alert(1)</script>')
    assert.equal(miner.mac, '02:00:00:00:00:01')
    assert.notProperty(miner.detail, 'secret')
    assert.isNull(miner.detail.hashboards[0].voltage_v)
    const [live] = await collector.rows('fleet_telemetry_live')
    assert.deepEqual(
      [live.boards_expected, live.boards_active, live.chips_working, live.faults, live.pool_url],
      [2, 1, 110, 0, 'stratum+tcp://one:3333']
    )
    assert.lengthOf(await collector.rows('fleet_alarms'), 0)
    await said('stratum+tcp://thief:3333', now - 1000)
    const [alarm] = await collector.rows('fleet_alarms')
    assert.deepEqual([alarm.kind, alarm.miner_id], ['pool_changed', miner.id])
    assert.deepInclude(alarm.facts, {
      was: 'stratum+tcp://one:3333',
      became: 'stratum+tcp://thief:3333',
    })
  })
})

test.group('Ingest refuses', () => {
  test('more bytes, samples or inflated bytes than are taken, and what is no JSON', async ({
    assert,
  }) => {
    const collector = await withMiners(1)
    const raw = (body: Uint8Array, encoding: string) =>
      collector.askRaw('telemetry', body, encoding)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    assert.isBelow(bomb.length, 100_000)
    assert.deepEqual(await raw(bomb, 'gzip'), [413, 'E_TOO_LARGE'])
    assert.deepEqual(await raw(Buffer.alloc(5 * 1024 * 1024, 32), 'identity'), [413, 'E_TOO_LARGE'])
    assert.deepEqual(await raw(Buffer.from('{"a":'), 'identity'), [422, 'E_BODY_UNREADABLE'])
    assert.deepEqual(await raw(Buffer.from('no gzip'), 'gzip'), [422, 'E_BODY_UNREADABLE'])
    assert.deepEqual(await raw(Buffer.from('{}'), 'br'), [422, 'E_BODY_UNREADABLE'])
    assert.deepEqual(await raw(Buffer.from('[]'), 'identity'), [422, 'E_MESSAGE'])
    const many = await collector.send(Array.from({ length: 2001 }, () => 0))
    assert.deepEqual([many.status, many.body.code], [422, 'E_MESSAGE'])
    const million = await raw(gzipSync(JSON.stringify({ samples: Array(1e6).fill(0) })), 'gzip')
    assert.deepEqual(million, [422, 'E_MESSAGE'])
  })

  test('samples for a miner of another site or company, whatever they say', async ({ assert }) => {
    const one = await withMiners(1)
    const otherSite = await asSystem(one.tenant, () => makeSite())
    const neighbour = await FakeCollector.enrolled({ tenant: one.tenant, siteId: otherSite })
    const stranger = await FakeCollector.enrolled()
    for (const collector of [neighbour, stranger]) {
      const { body } = await collector.send([
        { ...sampleOf(1), tenant_id: one.tenant.id, site_id: one.siteId, miner_no: 1 },
      ])
      assert.deepEqual(body.quarantined, [{ index: 0, field: 'miner', reason: 'not_ours' }])
    }
    assert.lengthOf(await rawRows(one), 0)
  })

  test('to show a person the telemetry of sites and customers that are not theirs', async ({
    assert,
  }) => {
    const one = await withMiners(2)
    await one.send([sampleOf(1), sampleOf(2)])
    const otherSite = await asSystem(one.tenant, () => makeSite())
    const two = await FakeCollector.enrolled({ tenant: one.tenant, siteId: otherSite })
    await two.found([machineNo(50)])
    await two.send([sampleOf(50)])
    const { user: operator } = await makeMember(one.tenant, 'operator', { siteIds: [otherSite] })
    const { user: client } = await makeMember(one.tenant, 'client')
    const seen = (table: string) => async () =>
      (await current.get().client.from(table).select('miner_no')).length
    for (const table of [
      'fleet_telemetry_raw',
      'fleet_telemetry_live',
      'fleet_connectivity_changes',
    ]) {
      assert.equal(await asUser(operator, seen(table)), 1, table)
      assert.equal(await asUser(client, seen(table)), 0, table)
    }
    assert.includeMembers(
      (await one.rows('fleet_miners')).map(({ miner_key: key }) => key),
      [keyOf(1)]
    )
  })
})
