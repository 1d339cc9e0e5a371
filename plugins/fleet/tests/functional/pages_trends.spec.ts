import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem } from '#tests/helpers'
import { bandsOf } from '../../services/page_events.js'
import { ensurePartitions } from '../../services/partitions.js'
import { SPARK_STEPS, sparksOf } from '../../services/sparks.js'
import { makeAlarm, makeChange, makeFleet, type TestFleet } from '../support/fleet_rows.js'
import { operatorOf, setLive } from './pages_miners_setup.js'

const HALF_HOUR = 1_800_000
const FIVE = 300_000

/** Five minutes of a miner, already rolled up. */
async function rolled(fleet: TestFleet, no: number, buckets: readonly [at: number, ths: number][]) {
  await ensurePartitions(
    'fleet_telemetry_5min',
    buckets.map(([at]) => new Date(at))
  )
  await asSystem(fleet.tenant, () =>
    current
      .get()
      .client.table('fleet_telemetry_5min')
      .multiInsert(
        buckets.map(([at, ths]) => ({
          tenant_id: fleet.tenant.id,
          miner_no: no,
          bucket: new Date(at),
          samples: 10,
          seconds_covered: 300,
          seconds_online: 300,
          seconds_mining: 300,
          hashrate_avg_ths: ths,
        }))
      )
  )
}

test.group('Lines of the last day', () => {
  test('are means of half hours, with gaps where nothing is known', async ({ assert }) => {
    const fleet = await makeFleet(3)
    const now = Math.floor(Date.now() / HALF_HOUR) * HALF_HOUR + 60_000
    const slot = now - 60_000 - 4 * HALF_HOUR
    await rolled(fleet, 1, [
      [slot, 100],
      [slot + FIVE, 110],
      [slot + HALF_HOUR, 90],
    ])
    await rolled(fleet, 2, [[now - 60_000 - 60 * HALF_HOUR, 50]])
    const sparks = await asSystem(fleet.tenant, () => sparksOf([1, 2, 3], now))
    const line = sparks.get(1)!
    assert.lengthOf(line, SPARK_STEPS)
    // The last step is the half hour that runs.
    assert.deepEqual(line.slice(-6), [null, 105, 90, null, null, null])
    assert.isUndefined(sparks.get(2), 'older than a day')
    const foreign = await asSystem((await makeFleet(1)).tenant, () => sparksOf([1], now))
    assert.equal(foreign.size, 0)
  })

  test('stand in the list and beside the worst, and ask the layer once', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(3)
    const at = Math.floor(Date.now() / HALF_HOUR) * HALF_HOUR - 4 * HALF_HOUR
    for (const no of [1, 2]) {
      await rolled(fleet, no, [
        [at, 100],
        [at + HALF_HOUR, 50],
      ])
    }
    await setLive(fleet, 1, { hashrate_ths: 40 })
    const user = await operatorOf(fleet)
    const list = (await client.get('/fleet/miners').loginAs(user)).text()
    assert.lengthOf(list.match(/<svg class="spark fleet-spark"/g) ?? [], 2)
    // Half of 100 TH/s is half of the height: lines begin at nothing, not at the least.
    assert.match(list, /points="[\d.]+,3\.0 [\d.]+,15\.0"/)
    const worst = (await client.get('/fleet').loginAs(user)).text()
    assert.lengthOf(worst.match(/<svg class="spark fleet-spark"/g) ?? [], 1)
    const plain = (await client.get('/fleet/miners?columns=no,name').loginAs(user)).text()
    assert.notInclude(plain, 'points=')
  })
})

test.group('What happened to a miner', () => {
  test('is a band from one change to the next, cut to the range', ({ assert }) => {
    const at = (minute: number) => new Date(minute * 60_000)
    const span = { from: at(100), to: at(200) }
    const changes = [
      { at: at(50), became: 'offline' },
      { at: at(110), became: 'online' },
      { at: at(150), became: 'stale' },
      { at: at(160), became: 'paused' },
    ]
    assert.deepEqual(bandsOf(changes, span), [
      { state: 'offline', from: at(100).getTime(), to: at(110).getTime() },
      { state: 'paused', from: at(160).getTime(), to: at(200).getTime() },
    ])
  })

  test('is drawn on its chart', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const now = Date.now()
    const at = Math.floor(now / FIVE) * FIVE - 6 * FIVE
    await rolled(fleet, 1, [
      [at, 100],
      [at + FIVE, 100],
    ])
    await asSystem(fleet.tenant, async () => {
      await makeChange(1, 'online', 'offline', new Date(now - 3_000_000))
      await makeChange(1, 'offline', 'online', new Date(now - 2_400_000))
      await makeAlarm(fleet.siteId, { miner_id: fleet.miners[0], kind: 'pool_changed' })
    })
    const page = await client
      .get(`/fleet/miners/${fleet.miners[0]}`)
      .loginAs(await operatorOf(fleet))
    const [, spec] =
      /<script type="application\/json" data-chart-spec>(.*?"miner-hashrate".*?)<\/script>/.exec(
        page.text()
      )!
    const { events } = JSON.parse(spec!)
    assert.deepEqual(
      events.map(({ label, kind }: any) => [label, kind]),
      [
        ['offline', 'bad'],
        ['Pool changed', 'warn'],
      ]
    )
    assert.equal(events[0].to - events[0].from, 600_000)
  })
})
