import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem } from '#tests/helpers'
import { keepPartitions } from '../../services/retention.js'
import { rollUpNext } from '../../services/rollup_5min.js'
import {
  makeCollector,
  makeFleet,
  makeMiner,
  rowsIn,
  type TestFleet,
} from '../support/fleet_rows.js'
import { insertRawRows, type RawRow } from '../support/raw_rows.js'
import { BUCKET, markDue, rollUpAll } from '../support/roll_up.js'

const DAY = 86_400_000
const floor = (time: number) => Math.floor(time / BUCKET) * BUCKET

/** Five minutes that are long over. */
const recent = () => floor(Date.now()) - 6 * BUCKET

const poll = (from: number, seconds: readonly number[], more: Partial<RawRow> = {}) =>
  seconds.map((second): RawRow => ({ no: 1, at: from + second * 1000, ...more }))

const fives = async ({ tenant }: TestFleet, where: object = {}) =>
  (await rowsIn(tenant, 'fleet_telemetry_5min', { ...where })).sort(
    (a, b) => a.bucket - b.bucket || a.miner_no - b.miner_no
  )

/** Until a transaction waits for another; the database says so, no clock does. */
async function untilSomebodyWaits(tries = 2000): Promise<void> {
  const { rows } = await db.connection('login').rawQuery(`select from pg_locks where not granted`)
  if (rows.length > 0) return
  if (tries === 0) throw new Error('nobody waits')
  return untilSomebodyWaits(tries - 1)
}

test.group('Edges of five minutes', () => {
  test('are covered whichever side comes first', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = recent()
    // The later five minutes come first, and are rolled up before the earlier ones are there.
    await insertRawRows(fleet.tenant.id, poll(from + BUCKET, [10, 70, 130, 190, 250]))
    await markDue(fleet, [from + BUCKET])
    assert.equal(await rollUpAll(fleet), 1)
    assert.deepEqual(
      (await fives(fleet)).map((row) => row.seconds_covered),
      [240]
    )
    await insertRawRows(fleet.tenant.id, poll(from, [10, 70, 130, 190, 250]))
    await markDue(fleet, [from])
    assert.equal(await rollUpAll(fleet), 1)
    const [first, second] = await fives(fleet)
    // 10 to 300, and 0 to 250: the minute over the edge is shared, 50 and 10 seconds.
    assert.deepEqual([first.seconds_covered, second.seconds_covered], [290, 250])
    assert.closeTo(first.energy_wh + second.energy_wh, (3000 * 540) / 3600, 1e-6)
    const groups = await rowsIn(fleet.tenant, 'fleet_groups_5min')
    assert.equal(
      groups.reduce((sum, row) => sum + Number(row.seconds_covered), 0),
      540
    )
  })

  test('know energy of slow polls in between, and what was said before a silence', async ({
    assert,
  }) => {
    const fleet = await makeFleet(1)
    const from = recent() - 12 * BUCKET
    await asSystem(fleet.tenant, async () => {
      await current
        .get()
        .client.from('fleet_collectors')
        .where({ tenant_id: fleet.tenant.id, id: fleet.collectorId })
        .update({ poll_seconds: 600 })
    })
    await insertRawRows(fleet.tenant.id, [
      { no: 1, at: from, wattage_w: 3000, shares_accepted: 1000 },
      { no: 1, at: from + 2 * BUCKET, wattage_w: 3600, shares_accepted: 1050 },
      // Forty minutes of nothing are too many for energy, not for a counter.
      { no: 1, at: from + 10 * BUCKET, wattage_w: 3000, shares_accepted: 1200 },
    ])
    await markDue(fleet, [from, from + 2 * BUCKET, from + 10 * BUCKET])
    assert.equal(await rollUpAll(fleet), 3)
    const rows = await fives(fleet)
    assert.deepEqual(
      rows.map((row) => [(row.bucket - from) / BUCKET, row.samples, row.seconds_covered]),
      [
        [0, 1, 300],
        [1, 0, 300],
        [2, 1, 0],
        [10, 1, 0],
      ]
    )
    // From 3000 W to 3300 W, and from there to 3600 W.
    assert.closeTo(rows[0].energy_wh, (3150 * 300) / 3600, 1e-6)
    assert.closeTo(rows[1].energy_wh, (3450 * 300) / 3600, 1e-6)
    assert.closeTo(rows[1].power_avg_w, 3450, 1e-3)
    assert.deepEqual(
      rows.map((row) => row.shares_accepted && Number(row.shares_accepted)),
      [null, null, 50, 150]
    )
  })

  test('hand a counter over a long silence, of miners that were asked and said nothing', async ({
    assert,
  }) => {
    const fleet = await makeFleet(1)
    const from = recent() - 12 * BUCKET
    const silent = Array.from({ length: 60 }, (_, minute) => 60 * (minute + 1))
    await insertRawRows(fleet.tenant.id, [
      ...poll(from, [0], { uptime_s: 9000, shares_accepted: 1000 }),
      ...poll(from, silent, { outcome: 2, is_mining: null, hashrate_ths: null, wattage_w: null }),
      ...poll(from, [3660], { uptime_s: 60, shares_accepted: 5 }),
      ...poll(from, [3700], { uptime_s: 100, shares_accepted: 8 }),
    ])
    await markDue(
      fleet,
      Array.from({ length: 13 }, (_, index) => from + index * BUCKET)
    )
    assert.equal(await rollUpAll(fleet), 13)
    const rows = await fives(fleet)
    const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0)
    assert.deepEqual([sum('shares_accepted'), sum('restarts'), sum('samples')], [8, 1, 63])
    assert.deepEqual([rows[5].seconds_covered, rows[5].seconds_online], [300, 0])
    assert.isNull(rows[5].energy_wh)
  })

  test('stay open over a gap, and a restart counts from zero', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = recent()
    await insertRawRows(fleet.tenant.id, [
      ...poll(from, [0, 60], { uptime_s: 9000, shares_accepted: 500_000 }),
      // 61 to 239 s: nothing, three minutes.
      ...poll(from, [240], { uptime_s: 30, shares_accepted: 7, wattage_w: 1000 }),
      ...poll(from, [290], { uptime_s: 80, shares_accepted: 12, wattage_w: 1000 }),
      ...poll(from, [299], { outcome: 2, is_mining: null, hashrate_ths: null, wattage_w: null }),
      ...poll(from + BUCKET, [30], { uptime_s: 120, shares_accepted: 20, wattage_w: 1000 }),
    ])
    await markDue(fleet, [from, from + BUCKET])
    assert.equal(await rollUpAll(fleet), 2)
    const [row, next] = await fives(fleet)
    // Covered: 0–60, 240–300; online until the poll at 299 that nobody answered.
    assert.deepEqual([row.samples, row.seconds_covered, row.seconds_online], [5, 120, 119])
    assert.closeTo(row.energy_wh, (3000 * 60 + 1000 * 60) / 3600, 1e-6)
    assert.deepEqual([row.restarts, Number(row.shares_accepted)], [1, 12])
    assert.deepEqual([next.restarts, Number(next.shares_accepted)], [0, 8])
    assert.closeTo(next.energy_wh, (1000 * 30) / 3600, 1e-6)
  })
})

test.group('Roll-ups beside each other', () => {
  test('of two collectors of a site end in the same sums', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const second = await asSystem(fleet.tenant, async () => {
      const id = await makeCollector(fleet.siteId)
      await makeMiner({ no: 2, site_id: fleet.siteId, collector_id: id })
      return { ...fleet, collectorId: id }
    })
    const from = recent()
    const rows = poll(from, [0, 60, 120, 180, 240, 300])
    await insertRawRows(fleet.tenant.id, [...rows, ...rows.map((row) => ({ ...row, no: 2 }))])
    await markDue(fleet, [from, from + BUCKET])
    await markDue(second, [from, from + BUCKET])
    const now = new Date()
    const run = () => asSystem(fleet.tenant, () => rollUpNext(now))
    let other: Promise<number> | undefined
    await asSystem(fleet.tenant, async () => {
      assert.equal(await rollUpNext(now), 2)
      // Its sums are not there yet for the other one, which has to wait.
      other = run()
      await untilSomebodyWaits()
    })
    assert.equal(await other, 2)
    const [group] = await rowsIn(fleet.tenant, 'fleet_groups_5min', { bucket: new Date(from) })
    assert.deepEqual([group.miners, group.power_w, Number(group.seconds_covered)], [2, 6000, 600])
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_rollup_due'), 0)
  })
})

test.group('Late samples whose neighbours are gone', () => {
  test('are added to what was rolled up, each once, however often more come', async ({
    assert,
  }) => {
    const fleet = await makeFleet(2)
    // Nothing else of the tests lies in this part of the raw layer.
    const from = floor(Date.now() - 4.3 * DAY)
    const first = poll(from, [0, 30, 60, 90, 120], { shares_accepted: null })
    await insertRawRows(fleet.tenant.id, first)
    await markDue(fleet, [from])
    assert.equal(await rollUpAll(fleet), 1)
    assert.equal((await fives(fleet))[0].seconds_covered, 120)
    await keepPartitions(new Date())
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_raw'), 0)

    // Nothing came: what was rolled up stays as it is.
    await markDue(fleet, [from])
    assert.equal(await rollUpAll(fleet), 1)
    assert.equal((await fives(fleet))[0].seconds_covered, 120)

    // 60 s at 1500 W of the first miner, and a second one that had nothing at all.
    await insertRawRows(fleet.tenant.id, [
      ...poll(from, [150, 180, 210], { wattage_w: 1500 }),
      ...poll(from, [150, 180, 210], { no: 2, wattage_w: 600 }),
    ])
    await markDue(fleet, [from])
    await rollUpAll(fleet)
    await markDue(fleet, [from])
    await rollUpAll(fleet)
    const [one, two] = await fives(fleet)
    assert.deepEqual([one.samples, one.seconds_covered], [8, 180])
    assert.closeTo(one.energy_wh, (3000 * 120 + 1500 * 60) / 3600, 1e-3)
    assert.closeTo(one.power_avg_w, 2500, 1e-3)
    assert.deepEqual([one.power_min_w, one.power_max_w], [1500, 3000])
    assert.deepEqual([two.samples, two.seconds_covered], [3, 60])

    // More of the same: 60 s further. The 60 s before are not counted again.
    await insertRawRows(fleet.tenant.id, poll(from, [240, 270], { wattage_w: 1500 }))
    await markDue(fleet, [from])
    await rollUpAll(fleet)
    const [more, still] = await fives(fleet)
    assert.deepEqual([more.samples, more.seconds_covered], [10, 240])
    assert.closeTo(more.energy_wh, (3000 * 120 + 1500 * 120) / 3600, 1e-3)
    assert.equal(still.seconds_covered, 60)

    // Dropped once more, and late once more: what is merged by now is what was before.
    await keepPartitions(new Date())
    await insertRawRows(fleet.tenant.id, poll(from, [271, 301 - 2], { wattage_w: 1500 }))
    await markDue(fleet, [from])
    await rollUpAll(fleet)
    assert.equal((await fives(fleet))[0].seconds_covered, 268)
  })

  test('are not dropped before they are rolled up', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = floor(Date.now() - 5.3 * DAY)
    await insertRawRows(fleet.tenant.id, poll(from, [0, 60, 120]))
    await markDue(fleet, [from])
    const partitions = (await keepPartitions(new Date(), true)).map(({ partition }) => partition)
    await keepPartitions(new Date())
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_raw'), 3)
    await rollUpAll(fleet)
    const dropped = await keepPartitions(new Date())
    assert.isAbove(dropped.length, 0)
    assert.notIncludeMembers(
      partitions,
      dropped.map(({ partition }) => partition)
    )
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_raw'), 0)
    assert.equal((await fives(fleet))[0].seconds_covered, 120)
  })

  test('of a writer that has not committed are waited for', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = floor(Date.now() - 6.3 * DAY)
    let dropping: Promise<unknown> | undefined
    await asSystem(fleet.tenant, async () => {
      await insertRawRows(fleet.tenant.id, poll(from, [0, 60, 120]))
      // Begins while the mark is not there yet for anybody else to see.
      dropping = keepPartitions(new Date())
      await untilSomebodyWaits()
      await current
        .get()
        .client.table('fleet_rollup_due')
        .insert({
          tenant_id: fleet.tenant.id,
          bucket: new Date(from),
          collector_id: fleet.collectorId,
        })
    })
    await dropping
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_raw'), 3)
    await rollUpAll(fleet)
    assert.equal((await fives(fleet))[0].seconds_covered, 120)
  })
})
