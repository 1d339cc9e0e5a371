import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, asUser, makeCustomer, makeMember, makeSite, makeTenant } from '#tests/helpers'
import { groupHistory, historyOf, layerFor } from '../../services/history.js'
import { keptHours, readRetention } from '../../services/kept_for.js'
import { ensurePartitions } from '../../services/partitions.js'
import { forgetRows, storedLayers } from '../../services/retention.js'
import {
  makeCollector,
  makeFleet,
  makeMiner,
  rowsIn,
  type TestFleet,
} from '../support/fleet_rows.js'
import { insertRawRows } from '../support/raw_rows.js'
import { BUCKET, markDue, rollUpAll, rollUpDays } from '../support/roll_up.js'

const DAY = 86_400_000
const recent = () => Math.floor(Date.now() / BUCKET) * BUCKET - 6 * BUCKET

/** Miners 1 (customer), 2 (no customer) and, at another site, 3; ten minutes of each. */
async function threeMiners() {
  const fleet = await makeFleet(1)
  const [customerId, otherSite] = await asSystem(fleet.tenant, async () => {
    const customer = await makeCustomer()
    const site = await makeSite()
    await current
      .get()
      .client.from('fleet_miners')
      .where({ tenant_id: fleet.tenant.id, no: 1 })
      .update({ customer_id: customer })
    await makeMiner({ no: 2, site_id: fleet.siteId, collector_id: fleet.collectorId })
    return [customer, site] as const
  })
  const collectorId = await asSystem(fleet.tenant, async () => {
    const id = await makeCollector(otherSite)
    await makeMiner({ no: 3, site_id: otherSite, collector_id: id, model: 'S21' })
    return id
  })
  const from = recent()
  const samples = [1, 2, 3].flatMap((no) =>
    Array.from({ length: 11 }, (_, index) => ({
      no,
      at: from + index * 60_000,
      wattage_w: no * 1000,
    }))
  )
  await insertRawRows(fleet.tenant.id, samples)
  await markDue(fleet, [from, from + BUCKET])
  await markDue({ ...fleet, collectorId }, [from, from + BUCKET])
  await rollUpAll(fleet)
  await rollUpDays(fleet)
  return { fleet, customerId, otherSite, from }
}

const TABLES = ['fleet_telemetry_raw', 'fleet_telemetry_5min', 'fleet_telemetry_daily']

/** Miners whose rows somebody sees, in each layer, and the watts of the groups. */
async function seen() {
  const { client } = current.get()
  const of = { tenant_id: current.tenantId() }
  const layers: number[][] = []
  for (const table of TABLES) {
    const rows = await client.from(table).where(of).distinct('miner_no').orderBy('miner_no')
    layers.push(rows.map(({ miner_no: no }) => no))
  }
  const groups = await client.from('fleet_groups_5min').where(of).select('power_w')
  return { layers, watts: [...new Set(groups.map((row) => row.power_w))].sort() }
}

test.group('Layers of telemetry', () => {
  test('show each person the miners of their sites and customer, and no other company', async ({
    assert,
  }) => {
    const { fleet, customerId, otherSite } = await threeMiners()
    const all = (list: number[]) => [list, list, list]
    assert.deepEqual(await asSystem(fleet.tenant, seen), {
      layers: all([1, 2, 3]),
      watts: [1000, 2000, 3000],
    })
    const { user: atOther } = await makeMember(fleet.tenant, 'operator', { siteIds: [otherSite] })
    assert.deepEqual(await asUser(atOther, seen), { layers: all([3]), watts: [3000] })
    const { user: client } = await makeMember(fleet.tenant, 'client', { customerId })
    assert.deepEqual(await asUser(client, seen), { layers: all([1]), watts: [1000] })
    assert.deepEqual(await asSystem(await makeTenant(), seen), { layers: all([]), watts: [] })
  })

  test('give groups by site, customer and model, and the samples’ own coverage', async ({
    assert,
  }) => {
    const { fleet, customerId, otherSite, from } = await threeMiners()
    const span = { from: new Date(from), to: new Date(from + 2 * BUCKET) }
    const watts = (by: 'site' | 'customer' | 'model') =>
      asSystem(fleet.tenant, async () => {
        const { lines, meta } = await groupHistory(by, span)
        return {
          coverage: meta.coverage,
          lines: Object.fromEntries([...lines].map(([name, points]) => [name, points[0]!.powerW])),
        }
      })
    assert.deepEqual((await watts('site')).lines, { [fleet.siteId]: 3000, [otherSite]: 3000 })
    assert.deepEqual((await watts('customer')).lines, { '': 5000, [customerId]: 1000 })
    assert.deepEqual((await watts('model')).lines, { 'S19 Pro': 3000, 'S21': 3000 })
    assert.equal((await watts('model')).coverage, 1)
    const { meta } = await asSystem(fleet.tenant, () => historyOf([1], span))
    // Ten polls a minute apart, of which the last one has none after it in the span.
    assert.deepEqual([meta.layer, meta.coverage], ['raw', 0.9])
  })

  test('are read in the finest one that still has the span', ({ assert }) => {
    const now = new Date('2026-06-01T00:00:00Z')
    const span = (agoDays: number, days: number) => ({
      from: new Date(now.getTime() - agoDays * DAY),
      to: new Date(now.getTime() - (agoDays - days) * DAY),
    })
    assert.equal(layerFor(span(0.25, 0.25), now), 'raw')
    assert.equal(layerFor(span(1.9, 0.1), now), 'raw')
    assert.equal(layerFor(span(2.1, 0.1), now), '5min')
    assert.equal(layerFor(span(1, 1), now), '5min')
    assert.equal(layerFor(span(60, 60), now), '5min')
    assert.equal(layerFor(span(61, 61), now), 'daily')
    assert.equal(layerFor(span(91, 1), now), 'daily')
  })
})

const set = ({ tenant }: Pick<TestFleet, 'tenant'>, values: object) =>
  asSystem(tenant, () =>
    current
      .get()
      .client.table('plugin_settings')
      .insert({ tenant_id: tenant.id, plugin: 'fleet', values: JSON.stringify(values) })
  )

test.group('Retention as it is set', () => {
  test('keeps partitions as long as the tenant that wants them longest', async ({ assert }) => {
    const tenant = await makeTenant()
    await set({ tenant }, { rawHours: 24, boardDays: 90, quarantineDays: null })
    const own = await asSystem(tenant, readRetention)
    assert.deepEqual([own.rawHours, own.boardDays, own.quarantineDays], [24, 90, 30])
    const hours = await keptHours()
    assert.deepEqual(
      [hours.fleet_telemetry_raw, hours.fleet_telemetry_5min, hours.fleet_boards_5min],
      [48, 90 * 24, 90 * 24]
    )
  })

  test('forgets days and changes of the tenant that set it, counted first', async ({ assert }) => {
    const [fleet, other] = [await makeFleet(1), await makeFleet(1)]
    await set(fleet, { dailyYears: 2, connectivityDays: 30 })
    const ago = (days: number) => new Date(Date.now() - days * DAY)
    for (const { tenant } of [fleet, other]) {
      await asSystem(tenant, async () => {
        const { client } = current.get()
        const row = { tenant_id: tenant.id, miner_no: 1 }
        const none = { samples: 0, seconds_covered: 0, seconds_online: 0, seconds_mining: 0 }
        const days = [ago(3 * 365), ago(365)].map((day) => ({ ...row, ...none, day }))
        await client.table('fleet_telemetry_daily').multiInsert(days)
        const changes = [ago(31), ago(29)].map((at) => ({ ...row, at, became: 'online' }))
        await client.table('fleet_connectivity_changes').multiInsert(changes)
      })
    }
    const now = new Date()
    const would = await asSystem(fleet.tenant, () => forgetRows(now, true))
    assert.deepEqual([would.fleet_telemetry_daily, would.fleet_connectivity_changes], [1, 1])
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_daily'), 2)
    assert.deepEqual(await asSystem(fleet.tenant, () => forgetRows(now)), would)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_daily'), 1)
    const untouched = await asSystem(other.tenant, () => forgetRows(now))
    assert.deepEqual(
      [untouched.fleet_telemetry_daily, untouched.fleet_connectivity_changes],
      [0, 0]
    )
  })
})

test.group('Storage', () => {
  test('counts the rows of a layer once, and tells them from those of the partitions', async ({
    assert,
  }) => {
    await threeMiners()
    const owner = db.connection('owner')
    await owner.rawQuery('analyze fleet_telemetry_5min')
    const { rows } = await owner.rawQuery(
      `select sum(reltuples) filter (where relkind = 'p')::integer as whole,
         sum(reltuples) filter (where relispartition and reltuples > 0)::integer as parts
       from pg_class where relkind in ('p', 'r') and relname ~ '^fleet_telemetry_5min'`
    )
    // The table itself tells all rows once more.
    assert.isAbove(rows[0].whole, 0)
    const layer = (await storedLayers()).find((one) => one.layer === 'fleet_telemetry_5min')!
    assert.equal(layer.rows, rows[0].parts)
  })

  test('says that nobody has counted a layer, not that it is empty', async ({ assert }) => {
    const { fleet } = await threeMiners()
    // A week of its own, so that its partition is new and nobody has looked at it.
    const bucket = new Date(Math.floor(Date.now() / 300_000) * 300_000 - 200 * 86_400_000)
    await asSystem(fleet.tenant, async () => {
      await ensurePartitions('fleet_boards_5min', [bucket])
      await current
        .get()
        .client.table('fleet_boards_5min')
        .insert({ tenant_id: fleet.tenant.id, miner_no: 1, bucket, slot: 0, samples: 1 })
    })
    const boards = async () =>
      (await storedLayers()).find(({ layer }) => layer === 'fleet_boards_5min')!.rows
    assert.isNull(await boards())
    await db.connection('owner').rawQuery('analyze fleet_boards_5min')
    assert.isAtLeast((await boards())!, 1)
  })
})

/** Midnight in UTC of the last day of 23 hours in Europe: the last Sunday of a March. */
function springDay(now: Date): number {
  const year = now.getUTCFullYear() - (now.getUTCMonth() < 3 ? 1 : 0)
  const last = new Date(Date.UTC(year, 2, 31))
  return last.getTime() - last.getUTCDay() * DAY
}

test.group('Days', () => {
  test('are made again when five minutes of theirs were', async ({ assert }) => {
    const { fleet, from } = await threeMiners()
    const total = async () => {
      const rows = await rowsIn(fleet.tenant, 'fleet_telemetry_daily', { miner_no: 2 })
      return rows.reduce((sum, row) => sum + row.energy_wh, 0)
    }
    assert.closeTo(await total(), (2000 * 600) / 3600, 1e-6)
    // A minute later than the last sample, of the miner at 2000 W.
    await insertRawRows(fleet.tenant.id, [{ no: 2, at: from + 11 * 60_000, wattage_w: 2000 }])
    await markDue(fleet, [from + 2 * BUCKET])
    await rollUpAll(fleet)
    assert.closeTo(await total(), (2000 * 600) / 3600, 1e-6)
    await rollUpDays(fleet)
    assert.closeTo(await total(), (2000 * 660) / 3600, 1e-6)
  })

  test('of 23 hours hold 276 five minutes, and hand none to their neighbours', async ({
    assert,
  }) => {
    const fleet = await makeFleet(1)
    // Oslo: 23:00 UTC the day before to 22:00 UTC.
    const start = springDay(new Date()) - 3_600_000
    await asSystem(fleet.tenant, async () => {
      const { client } = current.get()
      const of = { tenant_id: fleet.tenant.id }
      await client.from('sites').where(of).update({ time_zone: 'Europe/Oslo' })
      const rows = Array.from({ length: 278 }, (_, index) => ({
        ...of,
        miner_no: 1,
        bucket: new Date(start + (index - 1) * BUCKET),
        samples: 10,
        seconds_covered: 300,
        seconds_online: 300,
        seconds_mining: 150,
        hashrate_avg_ths: index === 0 || index === 277 ? 999 : 100,
        energy_wh: 250,
      }))
      const times = rows.map(({ bucket }) => bucket)
      await ensurePartitions('fleet_telemetry_5min', times)
      await client.table('fleet_telemetry_5min').multiInsert(rows)
      const days = [-1, 0, 1].map((step) => new Date(springDay(new Date()) + step * DAY))
      await client
        .table('fleet_days_due')
        .multiInsert(days.map((day) => ({ ...of, site_id: fleet.siteId, day })))
    })
    assert.equal(await rollUpDays(fleet), 3)
    const days = await asSystem(fleet.tenant, () =>
      current
        .get()
        .client.from('fleet_telemetry_daily')
        .where('tenant_id', fleet.tenant.id)
        .select('seconds_covered', 'seconds_mining', 'energy_wh', 'hashrate_avg_ths')
        .orderBy('day')
    )
    assert.deepEqual(
      days.map((day) => [day.seconds_covered, day.seconds_mining, day.energy_wh]),
      [
        [300, 150, 250],
        [82_800, 41_400, 69_000],
        [300, 150, 250],
      ]
    )
    assert.closeTo(days[1].hashrate_avg_ths, 100, 1e-3)
  })
})
