import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { bearer, tokenFor } from '#tests/functional/api/helpers'
import { asSystem, makeMember, makeTenant } from '#tests/helpers'
import { rollUpNext } from '../../services/rollup_5min.js'
import { FakeCollector, sampleOf } from '../support/fake_collector.js'

const BUCKET = 300_000

/** Two miners: one hashes, one has said nothing of its power. */
async function fleet() {
  const collector = await FakeCollector.enrolled()
  await collector.found([{}, {}, {}])
  await collector.send([
    sampleOf(1, { hashrate_ths: 100, expected_hashrate_ths: 110, wattage_w: 3000 }),
    sampleOf(2, { hashrate_ths: 50, expected_hashrate_ths: 110, wattage_w: null }),
  ])
  const { user } = await makeMember(collector.tenant, 'operator')
  const token = bearer((await tokenFor(user, ['fleet.miner.view'])).text)
  return { collector, token }
}

/** What a command prints with --json. */
async function console_(command: string, args: string[]) {
  const { write } = process.stdout
  const lines: string[] = []
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  try {
    await ace.exec(command, [...args, '--json'])
  } finally {
    process.stdout.write = write
  }
  return JSON.parse(lines.join(''))
}

/** Two answers may be a second apart. */
const withoutAge = ({ _meta: { ageSeconds: _, ...meta }, ...rest }: any) => ({ ...rest, meta })

test.group('Telemetry for programs', () => {
  test('answer nobody without a token or without its scope', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const other = bearer((await tokenFor(user, ['core.home.view'])).text)
    for (const path of ['live', 'site-summary', 'history?from=2026-01-01T00:00:00Z']) {
      const url = `/api/v1/telemetry/${path}`
      assert.equal((await client.get(url)).status(), 401)
      assert.equal((await client.get(url).header('authorization', other)).status(), 403)
    }
  })

  test('say what each miner does now, the same at the console, page by page', async ({
    client,
    assert,
  }) => {
    const { collector, token } = await fleet()
    const get = (path: string) =>
      client.get(`/api/v1/telemetry/${path}`).header('authorization', token)
    const first = (await get('live?limit=2')).body()
    assert.deepEqual(
      first.data.map((row: any) => [row.no, row.hashrateThs, row.powerW, row.connectivity]),
      [
        [1, 100, 3000, 'online'],
        [2, 50, null, 'online'],
      ]
    )
    assert.equal(first.data[0].powerSource, 'wall')
    assert.equal(first.data[0].efficiencyJth, 30)
    const second = (await get(`live?cursor=${first.nextCursor}`)).body()
    assert.deepEqual(
      second.data.map((row: any) => [row.no, row.connectivity, row.hashrateThs]),
      [[3, 'never', null]]
    )
    assert.isNull(second.nextCursor)
    assert.deepEqual([first._meta.layer, first._meta.coverage], ['live', 1])
    assert.isAtMost(first._meta.ageSeconds, 60)
    assert.equal(first._meta.units.efficiencyJth, 'J/TH')
    // Nobody knows how old nothing is.
    const { newestAt, ageSeconds, coverage } = second._meta
    assert.deepEqual([newestAt, ageSeconds, coverage], [null, null, 0])
    const printed = await console_('fleet:miners', ['--tenant', collector.tenant.slug])
    assert.deepEqual(printed, [...first.data, ...second.data])
    const one = (await get(`miners/${first.data[0].id}`)).body()
    assert.deepEqual([one.state, one.detail], ['mining', null])
    const same = await console_('fleet:miner', ['1', '--tenant', collector.tenant.slug])
    assert.deepEqual(withoutAge(same), withoutAge(one))
    assert.deepEqual([one._meta.layer, one._meta.coverage], ['live', 1])
    assert.equal((await client.get('/api/v1/fleet/telemetry/live')).status(), 404)
  })

  test('add up what is known, and say of how many', async ({ client, assert }) => {
    const { collector, token } = await fleet()
    const response = await client
      .get('/api/v1/telemetry/site-summary')
      .header('authorization', token)
    const { fleet: sum, sites } = response.body()
    assert.deepEqual([sum.miners, sum.hashrateThs, sum.expectedThs], [3, 150, 220])
    assert.deepEqual([sum.powerW, sum.powerKnownOf, sum.efficiencyJth], [3000, 1, 30])
    assert.deepEqual(sum.connectivity, { online: 2, never: 1 })
    assert.deepEqual(sum.powerSources, [{ source: 'wall', powerW: 3000 }])
    assert.equal(sites[0].id, collector.siteId)
    const printed = await console_('fleet:status', ['--tenant', collector.tenant.slug])
    assert.deepEqual(withoutAge(printed), withoutAge(response.body()))
    const { layer, coverage, newestAt } = response.body()._meta
    assert.deepEqual([layer, newestAt], ['live', sum.newestAt])
    assert.closeTo(coverage, 2 / 3, 1e-9)
  })

  test('give history with its layer, and nothing of another company', async ({
    client,
    assert,
  }) => {
    const { collector, token } = await fleet()
    const { token: stranger } = await fleet()
    const from = Math.floor(Date.now() / BUCKET) * BUCKET - 4 * BUCKET
    await collector.send(
      Array.from({ length: 6 }, (_, index) =>
        sampleOf(3, { at: from + index * 60_000, wattage_w: 1200 })
      )
    )
    while (await asSystem(collector.tenant, () => rollUpNext(new Date())));
    const since = new Date(Date.now() - 86_400_000).toISOString()
    const ask = async (query: string, who: string) => {
      const url = `/api/v1/telemetry/history?from=${since}${query}`
      return (await client.get(url).header('authorization', who)).body()
    }
    const miner = await ask('&miners[]=3', token)
    assert.deepEqual([miner._meta.layer, miner._meta.units.powerW], ['5min', 'W'])
    assert.equal(miner.data[0].points[0].powerW, 1200)
    assert.equal((await ask('&by=site', token)).data[0].line, collector.siteId)
    assert.deepEqual((await ask('&by=site', stranger)).data, [])
    const bad = await client
      .get('/api/v1/telemetry/history?from=2999-01-01T00:00:00Z')
      .header('authorization', token)
    assert.equal(bad.status(), 422)
  })
})

test.group('The fleet at the console', () => {
  test('list collectors, ask for a scan, roll up and say what would be dropped', async ({
    assert,
  }) => {
    const { collector } = await fleet()
    const at = ['--tenant', collector.tenant.slug]
    const [row] = await console_('fleet:collectors', at)
    assert.deepEqual([row.id, row.minersKnown], [collector.id, 0])
    const asked = await console_('fleet:discover', [row.name, ...at])
    assert.equal(asked.scanRequest, 1)
    assert.deepEqual(await console_('fleet:rollup', at), { buckets: 0, days: 0 })
    const kept = await console_('fleet:retention', ['--dry-run', ...at])
    assert.isTrue(kept.isDryRun)
    assert.isAbove(kept.layers.length, 5)
  })
})
