import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { current } from '#core/current'
import env from '#start/env'
import { asSystem, makeSite, makeTenant } from '#tests/helpers'
import { codeFor } from '#plugins/fleet/tests/support/fake_collector'
import { runLoad } from '../../edge-collector/src/cli/load.js'
import { enroll } from '../../edge-collector/src/portal/enroll.js'
import { VirtualClock } from '../../edge-collector/src/simulator/clock.js'
import { Fleet } from '../../edge-collector/src/simulator/fleet.js'

test.group('The load of simulated miners', () => {
  test('arrives: each machine once a round, as it was at that moment', async ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hi-load-'))
    try {
      const tenant = await makeTenant()
      const code = await codeFor(tenant, await asSystem(tenant, () => makeSite()))
      const portal = `http://127.0.0.1:${env.get('PORT')}`
      await enroll({ folder, portal, code, version: 'load', hostname: null })
      const clock = new VirtualClock(Date.now())
      const groups = [
        { model: 'Antminer S21', count: 1200, base: '127.60.0.1' },
        { model: 'M50S_VH30', count: 300, base: '127.60.8.1' },
      ]
      const fleet = new Fleet({ file: { seed: 5, groups }, clock })
      const { signal } = new AbortController()
      const report = await runLoad({ fleet, folder, everyMs: 20, rounds: 2, signal, say: () => {} })
      assert.deepInclude(report, { miners: 1500, rounds: 2, samples: 3000, quarantined: 0 })
      const [raw] = await asSystem(tenant, async () => {
        const { rows } = await current.get().client.rawQuery(
          `select count(*)::int as n, count(distinct miner_no)::int as miners,
             avg(hashrate_ths)::float8 as ths
           from fleet_telemetry_raw where tenant_id = ?`,
          [tenant.id]
        )
        return rows
      })
      assert.deepInclude(raw, { n: 3000, miners: 1500 })
      // By hand: 1,200 of 200 TH/s and 300 of 126; the noise of 2 % leaves a hundredth in the mean.
      assert.closeTo(raw.ths, (1200 * 200 + 300 * 126) / 1500, 1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }).timeout(60_000)

  test('is refused from a folder that is not enrolled', async ({ assert }) => {
    const fleet = new Fleet({
      file: { seed: 1, groups: [{ model: 'Antminer S21', count: 1, base: '127.60.0.1' }] },
      clock: new VirtualClock(Date.now()),
    })
    const { signal } = new AbortController()
    const wish = { fleet, folder: '/nowhere', everyMs: 1, rounds: 1, signal, say: () => {} }
    await assert.rejects(() => runLoad(wish), /not enrolled/)
  })
})
