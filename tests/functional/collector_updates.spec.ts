import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { test } from '@japa/runner'
import env from '#start/env'
import { asSystem, makeMember, makeSite, makeTenant, type TestTenant } from '#tests/helpers'
import { until } from '#tests/functional/jobs/fixtures'
import { current } from '#core/current'
import {
  collectorFiles,
  collectorPackage,
  packFiles,
} from '#plugins/fleet/services/collector_package'
import { codeFor } from '#plugins/fleet/tests/support/fake_collector'
import { readTar } from '../../edge-collector/src/update/tar.js'

const WAIT_MS = 60_000
const base = () => `http://127.0.0.1:${env.get('PORT')}`

/** A collector that was packed by the portal before this one: other bytes, another version. */
async function installOlder(folder: string) {
  const files = await collectorFiles()
  const older = await packFiles(
    files.map((file) =>
      file.name === 'README.md' ? { ...file, text: `${file.text}\nas it was\n` } : file
    )
  )
  for (const { name, bytes } of readTar(gunzipSync(older.tarball))) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  return { bin: join(folder, 'bin/hashinsight-edge.js'), version: older.version }
}

async function run(bin: string, args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
}

const collectorIn = (tenant: TestTenant): Promise<any> =>
  asSystem(tenant, async () =>
    current.get().client.from('fleet_collectors').where('tenant_id', tenant.id).first()
  )

test.group('Updates of collectors', () => {
  test('reach a collector from the page of the portal: it fetches, checks, runs and proves the version', async ({
    client,
    assert,
  }) => {
    const root = mkdtempSync(join(tmpdir(), 'hashinsight-updates-'))
    const state = join(root, 'state')
    const tenant = await makeTenant()
    let child: ChildProcess | undefined
    try {
      const { bin, version } = await installOlder(join(root, 'installed'))
      const next = await collectorPackage()
      assert.notEqual(version, next.version)
      const code = await codeFor(tenant, await asSystem(tenant, () => makeSite()))
      await run(bin, ['enroll', '--portal', base(), '--code', code, '--state', state])
      writeFileSync(join(state, 'edge.json'), '{"ipReports":false}', { mode: 0o600 })
      const { id } = await collectorIn(tenant)
      const user = (await makeMember(tenant, 'mining_site_owner')).user
      // Ordered before it starts: it hears of it with its first heartbeat.
      await client.post(`/fleet/collectors/${id}/update`).loginAs(user).withCsrfToken()
      child = spawn(process.execPath, [bin, 'run', '--state', state], { stdio: 'ignore' })
      const is = (wanted: object) => async () => {
        const row = await collectorIn(tenant)
        return Object.entries(wanted).every(([name, value]) => row[name] === value) ? row : null
      }
      await until(is({ version: next.version, update_state: 'good' }), 'the new version', WAIT_MS)
      const page = await client.get(`/fleet/collectors/${id}`).loginAs(user)
      page.assertTextIncludes(next.version)
      assert.notInclude(page.text(), 'Update this collector')
      const ended = once(child, 'close')
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    } finally {
      child?.kill('SIGKILL')
      rmSync(root, { recursive: true, force: true })
    }
  }).timeout(180_000)
})
