import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeCustomer } from '#tests/helpers'
import { FakeCollector, sampleOf } from '../support/fake_collector.js'
import { makeFleet, makeLive, makeMiner, makeZone, type TestFleet } from '../support/fleet_rows.js'
import { fleetParts, sumOf } from '../../services/page_sums.js'

const liveOf = (fleet: TestFleet, no: number) =>
  asSystem(fleet.tenant, () =>
    current.get().client.from('fleet_telemetry_live').where('miner_no', no).firstOrFail()
  )

const change = (fleet: TestFleet, no: number, values: Record<string, unknown>) =>
  asSystem(fleet.tenant, () =>
    current.get().client.from('fleet_miners').where('no', no).update(values)
  )

const sumNow = (fleet: TestFleet) => asSystem(fleet.tenant, async () => sumOf(await fleetParts()))

test.group('What the live layer knows of its miners', () => {
  test('come with the first sample and follow every change', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const { customerId, zoneId } = await asSystem(fleet.tenant, async () => ({
      customerId: await makeCustomer(),
      zoneId: await makeZone(fleet.siteId),
    }))
    const first = await liveOf(fleet, 1)
    assert.deepEqual([first.miner_status, first.nameplate_ths], ['active', null])
    const said = { zone_id: zoneId, customer_id: customerId, status: 'maintenance' }
    await change(fleet, 1, { ...said, nameplate_hashrate_ths: 104.5 })
    const now = await liveOf(fleet, 1)
    assert.deepEqual(
      [now.zone_id, now.customer_id, now.miner_status, now.nameplate_ths],
      [zoneId, customerId, 'maintenance', 104.5]
    )
  })

  test('count a miner as never seen until its first sample, and once after it', async ({
    assert,
  }) => {
    const fleet = await makeFleet(1)
    const { siteId, collectorId } = fleet
    await asSystem(fleet.tenant, () =>
      makeMiner({ no: 2, site_id: siteId, collector_id: collectorId })
    )
    assert.deepEqual((await sumNow(fleet)).states, { online: 1, never: 1 })
    await asSystem(fleet.tenant, () => makeLive(2, siteId))
    assert.deepEqual((await sumNow(fleet)).states, { online: 2 })
    await change(fleet, 2, { status: 'retired' })
    assert.deepEqual((await sumNow(fleet)).states, { online: 1 })
  })

  test('add up to the watt where single precision would not', async ({ assert }) => {
    const fleet = await makeFleet(3)
    await asSystem(fleet.tenant, () =>
      current
        .get()
        .client.from('fleet_telemetry_live')
        .where('miner_no', 1)
        .update({ wattage_w: 2 ** 26 })
    )
    // 2^26 + 3,250 + 3,250; a float4 holds that to 8 W only.
    assert.equal((await sumNow(fleet)).watts, 67_115_364)
  })

  test('let a batch with details and somebody who changes the miner both through', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    await collector.found([{}])
    const detail = {
      algorithm: 'sha256d',
      nameplate_hashrate_ths: 104,
      capabilities: [],
      hashboards: null,
      pools: null,
      errors: [],
    }
    const detailed = { ...sampleOf(1, { at: Date.now() - 2000 }), detail }
    const { body } = await collector.send([detailed])
    assert.deepEqual(body.quarantined, [])
    const { tenant } = collector
    let sent!: Promise<unknown>
    await asSystem(tenant, async () => {
      const { client } = current.get()
      await client.from('fleet_miners').where('no', 1).select('id').forUpdate()
      sent = collector.send([{ ...detailed, at: detailed.at + 1 }])
      await somebodyWaits(client)
      await client.from('fleet_miners').where('no', 1).update({ status: 'maintenance' })
    })
    await sent
    const live = await asSystem(tenant, () =>
      current.get().client.from('fleet_telemetry_live').where('miner_no', 1).firstOrFail()
    )
    assert.deepEqual([live.miner_status, live.nameplate_ths], ['maintenance', 104])
  })
})

/** Until another transaction waits for a lock that this one holds. */
async function somebodyWaits(client: ReturnType<typeof current.get>['client']) {
  const end = Date.now() + 10_000
  while (Date.now() < end) {
    const { rows } = await client.rawQuery(
      'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))'
    )
    if (rows.length > 0) return
  }
  throw new Error('nobody waits')
}
