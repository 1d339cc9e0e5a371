import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import { extract } from 'tar-stream'
import { current } from '#core/current'
import { newId } from '#core/ids'
import env from '#start/env'
import { asSystem, makeSite, makeTenant, type TestTenant } from '#tests/helpers'
import { until } from '#tests/functional/jobs/fixtures'
import { serveFixture } from '../../edge-collector/tests/support/fixture_server.js'
import {
  fixtureJson,
  isHere,
  NOT_HERE,
} from '../../edge-collector/tests/support/shared_fixtures.js'
import Collector from '#plugins/fleet/models/collector'
import { codeFor } from '#plugins/fleet/tests/support/fake_collector'

const MINER = 'luxos/2025.4.8-s19kpro'
const WAIT_MS = 60_000
const base = () => `http://127.0.0.1:${env.get('PORT')}`

/** Takes the package from the portal as a site would, and unpacks it. */
async function install(folder: string) {
  const answer = await fetch(`${base()}/edge/v1/collector.tgz`)
  const tarball = Buffer.from(await answer.arrayBuffer())
  const told = await (await fetch(`${base()}/edge/v1/collector.tgz.sha256`)).text()
  const sum = createHash('sha256').update(tarball).digest('hex')
  const files = extract()
  files.on('entry', (header, stream, next) => {
    const path = join(folder, header.name)
    mkdirSync(dirname(path), { recursive: true })
    text(stream).then((content) => {
      writeFileSync(path, content)
      next()
    }, next)
  })
  files.end(gunzipSync(tarball))
  await once(files, 'finish')
  return { bin: join(folder, 'package/bin/hashinsight-edge.js'), sum, told }
}

/** Plain node: no loader, no package of ours. */
const start = (bin: string, args: string[]) =>
  spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

async function ended(child: ChildProcess) {
  const said = Promise.all([text(child.stdout!), text(child.stderr!)])
  const [code] = await once(child, 'close')
  const [out, err] = await said
  return { code, out, err }
}

async function addRange(tenant: TestTenant, collectorId: string, ports: object) {
  await asSystem(tenant, async () => {
    const { siteId } = await Collector.named(collectorId)
    await current
      .get()
      .client.table('fleet_ranges')
      .insert({
        tenant_id: tenant.id,
        id: newId(),
        site_id: siteId,
        collector_id: collectorId,
        addresses: '127.0.0.1',
        ports: JSON.stringify(ports),
      })
    await Collector.renewConfig(collectorId)
  })
}

test.group('The collector and the portal', () => {
  test('meet: the package of the portal enrols, finds a miner, and its true numbers are stored', async ({
    assert,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hashinsight-meets-'))
    const miner = await serveFixture(MINER)
    const tenant = await makeTenant()
    const rows = (table: string): Promise<any[]> =>
      asSystem(tenant, async () => current.get().client.from(table).where('tenant_id', tenant.id))
    let child: ChildProcess | undefined
    try {
      const { bin, sum, told } = await install(folder)
      assert.equal(told, `${sum}  collector.tgz\n`)
      const state = join(folder, 'state')
      const code = await codeFor(tenant, await asSystem(tenant, () => makeSite()))
      const joined = await ended(
        start(bin, ['enroll', '--portal', base(), '--code', code, '--state', state])
      )
      assert.equal(joined.code, 0, joined.err)
      const [collector] = await rows('fleet_collectors')
      await asSystem(tenant, async () => {
        assert.include(joined.out, (await Collector.named(collector.id)).fingerprint)
      })
      writeFileSync(
        join(state, 'edge.json'),
        JSON.stringify({ networks: ['127.0.0.0/8'], ipReports: false }),
        { mode: 0o600 }
      )
      const { rpc, http } = miner.ports
      await addRange(tenant, collector.id, { rpc, http })
      child = start(bin, ['run', '--state', state])
      const stopped = ended(child)
      const live = await until(
        async () => (await rows('fleet_telemetry_live'))[0],
        'a live row',
        WAIT_MS
      )
      const { normalized } = fixtureJson(`${MINER}/expected.json`)
      assert.closeTo(live.hashrate_ths, normalized.hashrate_ths, 1e-3)
      assert.equal(live.wattage_w, normalized.wattage_w)
      assert.equal(live.connectivity, 'online')
      const [known] = await rows('fleet_miners')
      assert.deepEqual(
        [known.no, known.mac, known.model, known.driver],
        [1, normalized.mac, normalized.model, 'luxos']
      )
      const kept = await until(async () => (await rows('fleet_miners'))[0].detail, 'a detail')
      assert.lengthOf(kept.hashboards, normalized.hashboards.length)
      const [beat] = await rows('fleet_collectors')
      assert.isNotNull(beat.seen_at)
      child.kill('SIGTERM')
      assert.equal((await stopped).code, 0)
      assert.lengthOf(await rows('fleet_quarantine'), 0)
    } finally {
      child?.kill('SIGKILL')
      await miner.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
    .timeout(180_000)
    .skip(!isHere, NOT_HERE)
})
