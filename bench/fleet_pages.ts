/**
 * How long the server needs for the pages of a fleet, with 10,000 and with 50,000 miners.
 * `npm run bench -- fleet-pages 30 stay` leaves portal and database standing for somebody to look at.
 */
import { percentile, report } from './support/figures.js'
import { timesOf } from './support/page_times.js'
import { ipOf, keyOf, macOf } from './support/edge_load.js'
import { bootApplication, startWeb } from './support/portal.js'

const REQUESTS = Number(process.argv[2] ?? 30)
const STAYS = process.argv[3] === 'stay'
const FLEETS = [10_000, 50_000]
const ROWS_AT_ONCE = 5000
/** Five minutes a day that charts read. */
const BUCKETS = 288

const app = await bootApplication()
const { current } = await import('#core/current')
const { newId } = await import('#core/ids')
const { asSystem, makeMember, makeSite, makeTenant } = await import('../tests/helpers.js')
const { sessionCookie } = await import('../tests/session_client.js')
const { makeCollector, makeZone } = await import('../plugins/fleet/tests/support/fleet_rows.js')

interface Place {
  siteId: string
  collectorId: string
  zoneId: string
}

/** Where machines stand: two sites with a collector and a zone each. */
async function makePlaces(): Promise<Place[]> {
  const places: Place[] = []
  for (let index = 0; index < 2; index++) {
    const siteId = await makeSite()
    places.push({
      siteId,
      collectorId: await makeCollector(siteId),
      zoneId: await makeZone(siteId),
    })
  }
  return places
}

const minerAt = (no: number, { siteId, collectorId, zoneId }: Place) => ({
  tenant_id: current.tenantId(),
  id: newId(),
  no,
  site_id: siteId,
  zone_id: zoneId,
  collector_id: collectorId,
  miner_key: keyOf(no),
  mac: macOf(no),
  ip: ipOf(no),
  driver: 'antminer',
  evidence: 'recorded',
  make: 'Antminer',
  model: ['S19 Pro', 'S21', 'S19j XP'][no % 3],
  firmware_family: 'stock',
  algorithm: 'sha256d',
  status: 'active',
  rack: `R${no % 200}`,
  shelf: no % 8,
  position: Math.floor(no / 1600),
  created_at: new Date(),
  updated_at: new Date(),
})

/** Machines with a number each; gives the id of the first. */
async function addMiners(count: number, places: readonly Place[]): Promise<string> {
  let first = ''
  for (let at = 0; at < count; at += ROWS_AT_ONCE) {
    const numbers = Array.from({ length: ROWS_AT_ONCE }, (_, index) => at + index + 1)
    const miners = numbers.map((no) => minerAt(no, places[no % places.length]!))
    first ||= miners[0]!.id
    await current
      .get()
      .client.rawQuery(
        'insert into fleet_miners select * from jsonb_populate_recordset(null::fleet_miners, ?::jsonb)',
        [JSON.stringify(miners)]
      )
  }
  return first
}

/** One miner in twenty is silent. */
const LIVE = `
  insert into fleet_telemetry_live (tenant_id, miner_no, site_id, at, answered_at, outcome, state,
    poll_ms, is_mining, hashrate_ths, expected_hashrate_ths, wattage_w, wattage_source, temp_max_c,
    fan_min_rpm, fan_max_rpm, connectivity, connectivity_since, pool_url, pool_user)
  select tenant_id, no, site_id, now(), now(), 0, 0, 100, true, 180 + no % 40, 200, 3400 + no % 200, 0,
    60 + no % 20, 5000, 5600, case when no % 20 = 0 then 'offline' else 'online' end, now(),
    'stratum+tcp://btc.pool.example:3333', 'farm.' || no from fleet_miners where tenant_id = ?`

/** A collector came back, and all its miners with it: the overview has an hour of changes to tell. */
const CHANGES = `
  insert into fleet_connectivity_changes (tenant_id, miner_no, at, was, became)
  select tenant_id, no, now() - interval '20 minutes', 'collector_down', 'online'
  from fleet_miners where tenant_id = ?`

/** A week of sums. */
const GROUPS = `
  insert into fleet_groups_5min (tenant_id, bucket, site_id, zone, customer, model, miners,
    seconds_covered, seconds_online, hashrate_ths, expected_ths, power_w, energy_wh)
  select ?::uuid, date_bin('5 minutes', now(), 'epoch') - step * interval '5 minutes', ?::uuid, ?, '', model,
    1000, 300000, 300000, 200000, 210000, 3.5e6, 3e5
  from generate_series(1, ?) as step, unnest(array['S19 Pro', 'S21', 'S19j XP']) as model`

/** A fleet in work, of generated rows, and somebody who may look at it. */
async function fill(count: number) {
  const tenant = await makeTenant()
  const { user } = await makeMember(tenant, 'operator')
  const minerId = await asSystem(tenant, async () => {
    const { client } = current.get()
    const places = await makePlaces()
    const first = await addMiners(count, places)
    await client.rawQuery(LIVE, [tenant.id])
    await client.rawQuery(CHANGES, [tenant.id])
    for (const { siteId, zoneId } of places) {
      await client.rawQuery(GROUPS, [tenant.id, siteId, zoneId, BUCKETS * 7])
    }
    return first
  })
  const { name, value } = await sessionCookie(user)
  return { cookie: `${name}=${value}`, minerId }
}

const whole = (value: number) => Math.round(value)

const web = await startWeb()
try {
  const figures: Record<string, number> = {}
  for (const count of FLEETS) {
    const { cookie, minerId } = await fill(count)
    await tidy()
    if (STAYS) process.stdout.write(`${count} miners: ${web.url}/fleet with cookie ${cookie}\n`)
    const pages = {
      overview: '/fleet',
      list: '/fleet/miners',
      listSearch: '/fleet/miners?q=10.0.3',
      map: '/fleet/map',
      miner: `/fleet/miners/${minerId}`,
    }
    for (const [name, path] of Object.entries(pages)) {
      const times = await timesOf(web.url + path, { cookie, requests: REQUESTS })
      figures[`${name}${count / 1000}kP50Ms`] = whole(percentile(times, 0.5))
      figures[`${name}${count / 1000}kP95Ms`] = whole(percentile(times, 0.95))
    }
  }
  report('Pages of a fleet', figures)
  if (STAYS) await new Promise((resolve) => process.once('SIGINT', resolve))
} finally {
  await web.stop()
  await app.terminate()
}

/** The planner knows nothing of rows that were written a moment ago; autovacuum comes later. */
async function tidy() {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  await db.connection('owner').rawQuery('vacuum analyze')
}
