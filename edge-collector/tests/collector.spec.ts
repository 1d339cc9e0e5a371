import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from '@japa/runner'
import {
  checkDiscovery,
  checkHeartbeat,
  type DiscoveryReport,
  EDGE_PATH,
  type EdgeConfig,
} from '../protocol/messages.js'
import { checkSample } from '../protocol/sample.js'
import { configBytes, rawPublicKey, signBytes } from '../protocol/signing.js'
import { Collector } from '../src/cli/collector.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { ownKey, saveMembership } from '../src/portal/identity.js'
import { systemTime, type Time } from '../src/poll/time.js'
import { FakePortal } from './support/fake_portal.js'
import { serveSite, tinyMiner, tinyWhatsminer } from './support/loopback_site.js'

const COLLECTOR = '11111111-2222-4333-8444-555555555555'
const RANGE = '22222222-2222-4333-8444-555555555555'

const START = Date.now()

/** Everything takes a tenth of the time. */
const hasty: Time = {
  clock: () => START + (Date.now() - START) * 10,
  monotonic: () => performance.now() * 10,
  sleep: (ms, signal) => systemTime.sleep(ms / 10, signal),
}

/** A site of three machines, of which two are miners, and a portal that knows about it. */
async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'edge-collector-'))
  const site = await serveSite({
    '127.77.0.4': tinyMiner,
    '127.77.0.5': tinyWhatsminer,
    '127.77.0.6': { page: { text: 'a printer' } },
    '127.77.9.9': tinyMiner,
  })
  const tenant = generateKeyPairSync('ed25519')
  const portal = new FakePortal(ownKey(folder), hasty.clock)
  const url = await portal.listen()
  saveMembership(folder, {
    portal: url.origin,
    collectorId: COLLECTOR,
    name: 'Hall 1',
    site: { id: RANGE, name: 'North', timeZone: 'Europe/Oslo' },
    configKey: rawPublicKey(tenant.publicKey),
    enrolledAt: START,
  })
  writeFileSync(
    join(folder, 'edge.json'),
    JSON.stringify({ networks: ['127.77.0.0/24'], ipReports: false })
  )
  const config = (more: Partial<EdgeConfig> = {}) => {
    const { rpc, http } = site.ports
    const whole: EdgeConfig = {
      version: 1,
      collectorId: COLLECTOR,
      // The second one is outside of what this machine allows.
      ranges: [
        { id: RANGE, addresses: '127.77.0.0/29', ports: { rpc, http } },
        { id: randomUUID(), addresses: '127.77.9.9', ports: { rpc, http } },
      ],
      pollSeconds: 5,
      detailSeconds: 60,
      scanHours: 0,
      scanRequest: 0,
      ignored: [],
      ...more,
    }
    const payload = Buffer.from(JSON.stringify(whole))
    const signature = signBytes(configBytes(payload), tenant.privateKey)
    portal.answers.set(`${EDGE_PATH}/config`, {
      payload: payload.toString('base64url'),
      signature,
    })
    const configVersion = whole.version
    portal.answers.set(`${EDGE_PATH}/heartbeat`, { time: hasty.clock(), configVersion })
  }
  portal.answers.set(`${EDGE_PATH}/discovery`, { accepted: [] })
  const logs: string[] = []
  const start = () => {
    const collector = new Collector({
      folder,
      drivers: DRIVERS,
      log: (level, message) => logs.push(`${level}: ${message}`),
      time: hasty,
    })
    const running = collector.run()
    return { collector, running }
  }
  return {
    folder,
    site,
    portal,
    config,
    logs,
    start,
    sums: () => [...portal.taken.values()],
    async end() {
      await site.close()
      await portal.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Waits for what happens in other hands. */
async function until(isSo: () => boolean, what: string, mostMs = 20_000) {
  const endAt = Date.now() + mostMs
  while (!isSo()) {
    if (Date.now() > endAt) throw new Error(`never: ${what}`)
    await delay(10)
  }
}

test.group('Edge collector | all together', (group) => {
  group.tap((one) => one.timeout(60_000))

  test('gets its config, finds miners, reads them and reports', async ({ assert }) => {
    const on = await bench()
    on.config()
    const { collector, running } = on.start()
    const minersIn = () =>
      new Set(on.portal.batches.flatMap(({ samples }) => samples.map(({ ip }) => ip)))
    await until(() => minersIn().size >= 2, 'samples of both miners')
    await until(() => collector.status().miners.answering === 2, 'both answer')
    await until(() => on.portal.messages.has(`${EDGE_PATH}/discovery`), 'a report')

    assert.sameMembers([...minersIn()], ['127.77.0.4', '127.77.0.5'])
    assert.isTrue(on.sums().every((count) => count === 1))
    for (const { samples } of on.portal.batches) {
      for (const one of samples) assert.isNull(checkSample(one))
    }
    assert.isFalse(
      on.site.asked.some((line) => line.startsWith('127.77.9.9')),
      'not allowed'
    )
    const [report, ...more] = on.portal.messages.get(`${EDGE_PATH}/discovery`) as DiscoveryReport[]
    assert.lengthOf(more, 0)
    assert.isNull(checkDiscovery(report))
    assert.deepInclude(report, { rangeId: RANGE, addresses: 6, isPartial: false })
    assert.sameMembers(
      report!.found.map(({ driver }) => driver),
      ['antminer', 'whatsminer']
    )
    for (const beat of on.portal.messages.get(`${EDGE_PATH}/heartbeat`)!) {
      assert.isNull(checkHeartbeat(beat))
    }
    assert.deepInclude(collector.status(), { portalTrouble: null, configVersion: 1, readErrors: 0 })
    await collector.stop()
    await running
    await on.end()
  })

  test('goes on without a portal after a restart, and hands over what it read then', async ({
    assert,
  }) => {
    const on = await bench()
    on.config()
    const first = on.start()
    await until(() => first.collector.status().miners.answering === 2, 'both answer')
    await first.collector.stop()
    await first.running
    on.portal.isDown = true

    const second = on.start()
    await until(() => second.collector.status().queue.batches > 0, 'data is kept')
    await until(() => second.collector.status().portalTrouble !== null, 'it says so')
    assert.equal(second.collector.status().configVersion, 1)
    const before = on.portal.taken.size
    on.portal.isDown = false
    await until(() => on.portal.taken.size > before, 'data arrives')
    await until(() => second.collector.status().portalTrouble === null, 'the portal is back')
    await second.collector.stop()
    await second.running
    assert.isTrue(on.sums().every((count) => count === 1))
    await on.end()
  })

  test('leaves out what the portal ignores, and scans when it is asked to', async ({ assert }) => {
    const on = await bench()
    on.config()
    const { collector, running } = on.start()
    await until(() => collector.status().miners.answering === 2, 'both answer')
    const scanned = on.site.asked.filter((line) => line === '127.77.0.6 GET /').length
    on.config({ version: 2, scanRequest: 1, ignored: ['ip:127.77.0.5'] })
    await until(() => collector.status().configVersion === 2, 'the new config')
    await until(
      () => on.site.asked.filter((line) => line === '127.77.0.6 GET /').length > scanned,
      'another scan'
    )
    assert.equal(collector.status().miners.known, 1)
    await collector.stop()
    await running
    await on.end()
  })

  test('stops sending when it was taken out, and says so', async ({ assert }) => {
    const on = await bench()
    on.config()
    const { collector, running } = on.start()
    await until(() => on.portal.taken.size > 0, 'data arrives')
    on.portal.revoked = true
    await until(() => collector.status().isRefused, 'it says so')
    const sent = on.portal.requests.length
    await until(() => collector.status().queue.batches > 0, 'data is kept')
    assert.isBelow(on.portal.requests.length - sent, 3)
    assert.isTrue(on.logs.some((line) => /refuses this collector/.test(line)))
    await collector.stop()
    await running
    await on.end()
  })

  test('does not start twice in one folder, nor without enrolment', async ({ assert }) => {
    const on = await bench()
    const { collector, running } = on.start()
    assert.throws(() => on.start(), /another collector runs/)
    await collector.stop()
    await running
    const empty = mkdtempSync(join(tmpdir(), 'edge-empty-'))
    assert.throws(
      () => new Collector({ folder: empty, drivers: DRIVERS, log: () => {} }),
      /not enrolled/
    )
    rmSync(empty, { recursive: true })
    await on.end()
  })
})
