import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import env from '#start/env'
import { until } from '#tests/functional/jobs/fixtures'
import { asSystem, makeMember, makeSite, makeTenant } from '#tests/helpers'
import { Collector } from '../../edge-collector/src/cli/collector.js'
import { systemTime, type Time } from '../../edge-collector/src/poll/time.js'
import { enroll } from '../../edge-collector/src/portal/enroll.js'
import { FakeModbus } from '../../edge-collector/tests/support/fake_modbus.js'
import { codeFor } from '#plugins/fleet/tests/support/fake_collector'
import { rowsIn } from '#plugins/fleet/tests/support/fleet_rows'
import { allow } from '#plugins/fleet/tests/support/meter_rows'

const base = () => `http://127.0.0.1:${env.get('PORT')}`
const WAIT_MS = 30_000

/** True times, but nobody waits long. */
const hasty: Time = {
  clock: Date.now,
  monotonic: () => performance.now() * 20,
  sleep: (ms, signal) => systemTime.sleep(ms / 20, signal),
}

/** What an ABB meter has in its registers: 1251.56 W (the example of its manual), 123.45 kWh. */
async function abbMeter() {
  const device = new FakeModbus()
  const port = await device.listen()
  device.set(3, 3, 0x5000, '0000 0000 0000 3039 ffff ffff ffff ffff')
  device.set(3, 3, 0x5b00, '0000 0900 0000 0901 0000 0903')
  device.set(3, 3, 0x5b0c, '0000 0065 0000 00c9 0000 012e')
  device.set(3, 3, 0x5b14, '0001 e8e4 0000 5ae2 0000 b097 0000 dd6b 0000 7541')
  device.set(3, 3, 0x5b2c, '1383')
  device.set(3, 3, 0x5b3a, '03cc')
  return { device, port }
}

test.group('A meter, the collector and the portal', () => {
  test('meet: what stands in the registers is on the page; an address that is taken back is asked no more', async ({
    client,
    assert,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hashinsight-meter-'))
    const { device, port } = await abbMeter()
    const tenant = await makeTenant()
    const siteId = await asSystem(tenant, () => makeSite())
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const code = await codeFor(tenant, siteId)
    const { collectorId } = await enroll({
      folder,
      portal: base(),
      code,
      version: '0.1.0',
      hostname: null,
    })
    writeFileSync(
      join(folder, 'edge.json'),
      JSON.stringify({ networks: ['127.0.0.0/8'], ipReports: false })
    )
    await allow({ tenant, siteId, id: collectorId }, '127.0.0.1')
    const collector = new Collector({
      folder,
      drivers: [],
      log: () => {},
      time: hasty,
      heartbeatMs: 2000,
      flushMs: 1000,
    })
    const running = collector.run()
    try {
      await client
        .post('/fleet/meters')
        .form({
          collectorId,
          name: 'Main feed',
          measures: 'site',
          ip: '127.0.0.1',
          port,
          unit: 3,
          map: 'abb_eq',
          ctRatio: 1,
          ptRatio: 1,
          pollSeconds: 15,
        })
        .loginAs(user)
        .withCsrfToken()
      const live = await until(
        async () => (await rowsIn(tenant, 'fleet_meter_live'))[0],
        'a live row',
        WAIT_MS
      )
      assert.deepEqual([live.power_w, Number(live.energy_import_wh)], [1251.56, 123_450])
      assert.isNull(live.energy_export_wh)
      assert.isNull(live.temperature_c)
      assert.equal(device.connections, 1)
      const [{ id }] = await rowsIn(tenant, 'fleet_meters')
      const page = await client.get(`/fleet/meters/${id}`).loginAs(user)
      page.assertTextIncludes('1.25')
      page.assertTextIncludes('123.450 kWh')
      page.assertTextIncludes('ABB 2CMC48001M0201')

      const [range] = await rowsIn(tenant, 'fleet_ranges')
      await client.post(`/fleet/ranges/${range.id}/removal`).loginAs(user).withCsrfToken()
      await until(async () => collector.status().meters === 0 || null, 'no meter', WAIT_MS)
    } finally {
      await collector.stop()
      await running
      await device.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }).timeout(90_000)
})
