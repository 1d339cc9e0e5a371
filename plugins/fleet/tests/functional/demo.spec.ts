import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { freePort } from '../../../../bench/support/portal.js'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { DEMO_FILE, type DemoFleet } from '#edge/protocol/demo'
import env from '#start/env'
import { until } from '#tests/functional/jobs/fixtures'
import { asSystem, makeTenant, type TestTenant } from '#tests/helpers'
import fillFleet from '../../demo.js'

const HOME = env.get('PORTAL_HOME')
const FILE = join(HOME, DEMO_FILE)
const BIN = join(import.meta.dirname, '../../../../edge-collector/bin/hashinsight-edge.ts')

/** A tenant as the core's demo leaves it to plugins. */
async function freshDemo() {
  const tenant = await makeTenant()
  await asSystem(tenant, async () => {
    const insert = (table: string, row: object) =>
      current
        .get()
        .client.table(table)
        .insert({ tenant_id: tenant.id, id: newId(), ...row })
    const zonesOf = { NORTH: ['A', 'B'], RIVER: ['C1'] }
    for (const [code, zones] of Object.entries(zonesOf)) {
      const id = newId()
      await insert('sites', { id, code, name: code, time_zone: 'Europe/Oslo' })
      for (const zone of zones) await insert('zones', { site_id: id, code: zone, name: zone })
    }
    for (const code of ['BLUE', 'KITE']) await insert('customers', { code, name: code })
    await fillFleet()
  })
  return { tenant, file: JSON.parse(readFileSync(FILE, 'utf8')) as DemoFleet }
}

const rowsOf = (tenant: TestTenant, table: string): Promise<any[]> =>
  asSystem(tenant, async () => current.get().client.from(table).where('tenant_id', tenant.id))

/** Ports that a demo of somebody who works on this machine does not have, and a short past. */
async function elsewhere(tenant: TestTenant, file: DemoFleet) {
  const ports = { rpc: await freePort(), http: await freePort(), v3: await freePort() }
  const modbus = await freePort()
  const startAt = Date.now() - 20 * 60_000
  writeFileSync(FILE, JSON.stringify({ ...file, ports: { ...ports, modbus }, startAt }), {
    mode: 0o600,
  })
  await asSystem(tenant, async () => {
    const { client } = current.get()
    await client
      .from('fleet_ranges')
      .where('tenant_id', tenant.id)
      .update({ ports: JSON.stringify(ports) })
    await client.from('fleet_meters').where('tenant_id', tenant.id).update({ port: modbus })
  })
}

test.group('The demo of the fleet', (group) => {
  let child: ChildProcess | undefined
  group.each.teardown(async () => {
    if (child && child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(FILE, { force: true })
    rmSync(join(HOME, 'demo-edges'), { recursive: true, force: true })
  })

  test('is two hundred miners at their places, of which nothing was read yet', async ({
    assert,
  }) => {
    const { tenant, file } = await freshDemo()
    const miners = await rowsOf(tenant, 'fleet_miners')
    assert.lengthOf(miners, 200)
    assert.lengthOf(new Set(miners.map(({ mac }) => mac)), 200)
    assert.lengthOf(
      new Set(miners.map((one) => `${one.zone_id} ${one.rack} ${one.shelf} ${one.position}`)),
      200
    )
    assert.deepEqual(
      file.sites.map(({ groups }) => groups.reduce((sum, { count }) => sum + count, 0)),
      [120, 80]
    )
    assert.isEmpty(await rowsOf(tenant, 'fleet_telemetry_live'))
    // It holds keys, if only of a demo.
    assert.equal(statSync(FILE).mode & 0o777, 0o600)
  })

  test('lives: its collectors find and read the simulated miners, and tell the past', async ({
    assert,
  }) => {
    const { tenant, file } = await freshDemo()
    await elsewhere(tenant, file)
    const args = ['demo', '--home', HOME, '--portal', `http://127.0.0.1:${env.get('PORT')}`]
    child = spawn(process.execPath, ['--import=@poppinss/ts-exec', BIN, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const isRead = ({ detail_at: at }: { detail_at: Date | null }) => at !== null
    const known = await until(
      async () => {
        const miners = await rowsOf(tenant, 'fleet_miners')
        return miners.filter(isRead).length >= 190 ? miners : null
      },
      '190 miners with their details',
      60_000
    )
    // Those that were seeded, found by their MAC; nobody else.
    assert.lengthOf(known, 200)
    assert.sameMembers(
      [...new Set(known.filter(isRead).map(({ driver }) => driver))],
      ['antminer', 'avalon', 'braiins_rest', 'luxos', 'vnish', 'whatsminer_v3']
    )
    const live = await rowsOf(tenant, 'fleet_telemetry_live')
    assert.isAtLeast(live.filter(({ connectivity }) => connectivity === 'online').length, 190)
    const meters = await until(
      async () => {
        const rows = await rowsOf(tenant, 'fleet_meter_live')
        return rows.filter(({ outcome }) => outcome === 0).length >= 8 ? rows : null
      },
      'three meters and five units of a container',
      20_000
    )
    const watts = (of: any[], field: string) => of.reduce((sum, one) => sum + (one[field] ?? 0), 0)
    // Three meters in front of all machines and two PDUs of 40 of them: what the miners say, and losses.
    const pdus = meters.filter(({ outlets_on: on }) => on !== null)
    assert.deepEqual(
      pdus.map(({ outlets_on: on }) => on),
      [20, 20]
    )
    const metered = watts(meters, 'power_w') - watts(pdus, 'power_w')
    assert.closeTo(metered / watts(live, 'wattage_w'), 1.02, 0.08)
    for (const table of ['fleet_telemetry_raw', 'fleet_meter_raw']) {
      const [first] = await asSystem(tenant, async () =>
        current.get().client.from(table).where('tenant_id', tenant.id).min('at as at')
      )
      assert.isBelow(first.at.getTime(), Date.now() - 15 * 60_000)
    }
  }).timeout(90_000)
})
