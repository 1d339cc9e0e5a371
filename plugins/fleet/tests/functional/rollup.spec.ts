import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, asUser, makeMember, makeSite } from '#tests/helpers'
import { groupHistory, historyOf } from '../../services/history.js'
import { keepPartitions, storedLayers } from '../../services/retention.js'
import { rollUpNext } from '../../services/rollup_5min.js'
import { rollUpDay } from '../../services/rollup_days.js'
import { FakeCollector, machineNo, sampleOf } from '../support/fake_collector.js'

const BUCKET = 300_000
/** Five minutes that are long over. */
const begin = () => Math.floor(Date.now() / BUCKET) * BUCKET - 4 * BUCKET

async function withMiners(numbers: number[], given: object = {}) {
  const collector = await FakeCollector.enrolled(given)
  await collector.found(numbers.map((no) => machineNo(no)))
  return collector
}

async function rollUp(collector: FakeCollector, now = new Date()) {
  let sum = 0
  for (;;) {
    const count = await asSystem(collector.tenant, () => rollUpNext(now))
    if (count === 0) return sum
    sum += count
  }
}

const five = async (collector: FakeCollector) =>
  (await collector.rows('fleet_telemetry_5min')).sort(
    (a, b) => a.bucket - b.bucket || a.miner_no - b.miner_no
  )

/** A sample a minute at this power. */
const minutes = (no: number, from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    sampleOf(no, {
      at: from + index * 60_000,
      wattage_w: 3000,
      hashrate_ths: 100,
      shares_accepted: 1000 + index * 10,
      uptime_s: 5000 + index * 60,
      ...more,
    })
  )

test.group('Roll-ups', () => {
  test('make five minutes of what came in, and sums of the site', async ({ assert }) => {
    const collector = await withMiners([1, 2])
    const from = begin()
    await collector.send([...minutes(1, from, 11), ...minutes(2, from, 11, { wattage_w: 1500 })])
    assert.equal(await rollUp(collector), 3)
    const rows = await five(collector)
    assert.lengthOf(rows, 6)
    const [first, second] = rows
    assert.deepEqual(
      [first.samples, first.seconds_covered, first.seconds_online, first.power_avg_w],
      [5, 300, 300, 3000]
    )
    assert.closeTo(first.energy_wh, 250, 1e-6)
    assert.closeTo(second.energy_wh, 125, 1e-6)
    // The first sample has none before it: 40 shares, then 50 in the next five minutes.
    assert.deepEqual([first.shares_accepted, rows[2].shares_accepted], ['40', '50'])
    const [group] = await collector.rows('fleet_groups_5min', { bucket: new Date(from) })
    assert.deepEqual([group.miners, group.hashrate_ths, group.power_w], [2, 200, 4500])
    assert.closeTo(group.energy_wh, 375, 1e-6)
    assert.lengthOf(await collector.rows('fleet_rollup_due'), 0)
  })

  test('wait for the sample after, and do again only what late data touched', async ({
    assert,
  }) => {
    const collector = await withMiners([1])
    const from = begin()
    await collector.send(minutes(1, from, 5))
    assert.equal(await rollUp(collector, new Date(from + BUCKET + 60_000)), 0)
    assert.equal(await rollUp(collector), 1)
    const [before] = await five(collector)
    assert.equal(before.seconds_covered, 240)
    await collector.send([sampleOf(1, { at: from + BUCKET, wattage_w: 3000 })], {
      isBackfill: true,
    })
    // The late one lies in the next bucket; it is that one which is due, and the one before gains
    // its end with the next sample of its own.
    assert.equal(await rollUp(collector), 1)
    await collector.send([sampleOf(1, { at: from + 290_000, wattage_w: 3000 })])
    assert.equal(await rollUp(collector), 1)
    const [after] = await five(collector)
    assert.equal(after.seconds_covered, 300)
    assert.closeTo(after.energy_wh, 250, 1e-6)
  })

  test('never lose what was rolled up before the raw layer forgot it', async ({ assert }) => {
    const collector = await withMiners([1])
    const from = begin() - 5 * 86_400_000
    await collector.send(minutes(1, from, 6), { isBackfill: true })
    await rollUp(collector)
    await keepPartitions(new Date())
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 0)
    await collector.send([sampleOf(1, { at: from + 30_000 }), sampleOf(1, { at: from + 45_000 })])
    await rollUp(collector)
    const [row] = await five(collector)
    assert.deepEqual([row.samples, row.seconds_covered], [5, 300])
  })

  test('make days by the clocks of the site, each hour once on the day they change', async ({
    assert,
  }) => {
    const collector = await withMiners([1])
    await asSystem(collector.tenant, async () => {
      const { client } = current.get()
      await client
        .from('sites')
        .where('id', collector.siteId)
        .update({ time_zone: 'America/Chicago' })
      await client.table('fleet_days_due').insert({
        tenant_id: collector.tenant.id,
        site_id: collector.siteId,
        day: '2026-11-01',
      })
      const { ensurePartitions } = await import('../../services/partitions.js')
      // From the midnight before to the one after, in UTC: 05:00 on the 1st to 06:00 on the 2nd.
      const all = Array.from({ length: 312 }, (_, index) => ({
        tenant_id: collector.tenant.id,
        miner_no: 1,
        bucket: new Date(Date.UTC(2026, 10, 1, 4, 30) + index * BUCKET),
        samples: 5,
        seconds_covered: 300,
        seconds_online: 300,
        seconds_mining: 300,
        power_avg_w: 1200,
        energy_wh: 100,
        restarts: 0,
      }))
      await ensurePartitions(
        'fleet_telemetry_5min',
        all.map(({ bucket }) => bucket)
      )
      await client.table('fleet_telemetry_5min').multiInsert(all)
    })
    assert.isTrue(await asSystem(collector.tenant, () => rollUpDay()))
    assert.isFalse(await asSystem(collector.tenant, () => rollUpDay()))
    const [day] = await collector.rows('fleet_telemetry_daily')
    assert.equal(day.seconds_covered, 25 * 3600)
    assert.closeTo(day.energy_wh, 30_000, 1e-6)
    assert.equal(day.power_avg_w, 1200)
    assert.isNull(day.hashrate_avg_ths)
  })

  test('show history in a layer that fits, with its coverage, to whom it belongs', async ({
    assert,
  }) => {
    const one = await withMiners([1])
    const from = begin()
    await one.send(minutes(1, from, 11))
    await rollUp(one)
    const otherSite = await asSystem(one.tenant, () => makeSite())
    const { user } = await makeMember(one.tenant, 'operator', { siteIds: [otherSite] })
    const span = { from: new Date(from), to: new Date(from + 2 * BUCKET) }
    const day = { from: new Date(from - 86_400_000), to: new Date(from + 2 * BUCKET) }
    const ask = () =>
      Promise.all([historyOf([1], span), historyOf([1], day), groupHistory('site', day)])
    const [raw, fives, site] = await asSystem(one.tenant, ask)
    assert.deepEqual([raw.meta.layer, raw.lines.get('1')!.length], ['raw', 10])
    assert.equal(fives.meta.layer, '5min')
    assert.equal(fives.lines.get('1')![0]!.powerW, 3000)
    assert.closeTo(fives.meta.coverage!, 600 / (86_400 + 600), 0.001)
    assert.equal(site.lines.get(one.siteId)![0]!.hashrateThs, 100)
    for (const { lines, meta } of await asUser(user, ask)) {
      assert.deepEqual([lines.size, meta.newestAt], [0, null])
    }
  })
})

test.group('Retention', () => {
  test('drop whole partitions only, and nothing in a dry run', async ({ assert }) => {
    const collector = await withMiners([1])
    const old = Date.now() - 6 * 86_400_000
    await collector.send([sampleOf(1, { at: old })], { isBackfill: true })
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 1)
    // What is not rolled up yet is not dropped.
    await keepPartitions(new Date())
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 1)
    assert.equal(await rollUp(collector), 1)
    const wouldGo = await keepPartitions(new Date(), true)
    assert.isAbove(wouldGo.length, 0)
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 1)
    const gone = await keepPartitions(new Date())
    assert.includeMembers(
      gone.map(({ partition }) => partition),
      wouldGo.map(({ partition }) => partition)
    )
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 0)
    // What comes late makes its partition anew.
    await collector.send([sampleOf(1, { at: old + 1000 })], { isBackfill: true })
    assert.lengthOf(await collector.rows('fleet_telemetry_raw'), 1)
    const layers = await storedLayers()
    assert.isAbove(layers.find(({ layer }) => layer === 'fleet_telemetry_raw')!.partitions, 0)
  })

  test('make a partition once, whoever else needs it at the moment', async ({ assert }) => {
    const { default: db } = await import('@adonisjs/lucid/services/db')
    for (let day = 3; day < 9; day++) {
      const at = new Date(Date.now() + day * 86_400_000)
      const names = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const keep = 'select fleet_keep_partition(?, ?) as part'
          const { rows } = await db.connection('login').rawQuery(keep, ['fleet_telemetry_raw', at])
          return rows[0].part
        })
      )
      assert.lengthOf([...new Set(names)], 1)
    }
  })

  test('refuse layers and times that make no sense', async ({ assert }) => {
    const { default: db } = await import('@adonisjs/lucid/services/db')
    const login = db.connection('login')
    for (const [statement, values] of [
      ['select fleet_keep_partition(?, now())', ['users']],
      ["select fleet_keep_partition(?, now() + interval '1 year')", ['fleet_telemetry_raw']],
      ["select * from fleet_drop_partitions(?, now() - interval '9 days', false)", ['sessions']],
      ['select * from fleet_drop_partitions(?, now(), false)', ['fleet_telemetry_raw']],
    ] as const) {
      await assert.rejects(
        () => login.rawQuery(statement, [...values]),
        /no layer|no partition|refused/
      )
    }
    await assert.rejects(
      () =>
        db
          .connection('app')
          .rawQuery('select fleet_keep_partition(?, now())', ['fleet_telemetry_raw']),
      /permission denied/
    )
  })
})
