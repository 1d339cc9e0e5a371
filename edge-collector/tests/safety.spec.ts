import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from '@japa/runner'
import { EDGE_PATH, type EdgeConfig } from '../protocol/messages.js'
import { checkSafetyReport, type SafetyReport } from '../protocol/safety.js'
import { configBytes, rawPublicKey, signBytes } from '../protocol/signing.js'
import { Collector } from '../src/cli/collector.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { systemTime, type Time } from '../src/poll/time.js'
import { ownKey, saveMembership } from '../src/portal/identity.js'
import { FakePortal } from './support/fake_portal.js'

const ID = '11111111-2222-4333-8444-555555555555'
const IP = '127.78.0.4'
const START = Date.now()
const FAST = 60

/** A minute is a second. */
const hasty: Time = {
  clock: () => START + (Date.now() - START) * FAST,
  monotonic: () => performance.now() * FAST,
  sleep: (ms, signal) => systemTime.sleep(ms / FAST, signal),
}

/** A Bitaxe that heats up while it mines and cools down while it is paused. */
async function hotMiner() {
  const miner = { tempC: 70, isPaused: false, told: [] as string[] }
  const server = createServer((request, response) => {
    request.resume()
    const say = (text: string) => void response.end(text)
    if (request.url === '/') return say('<title>AxeOS</title>')
    if (request.method === 'POST') {
      miner.told.push(request.url!)
      miner.isPaused = request.url!.endsWith('/pause')
      return say('')
    }
    miner.tempC += miner.isPaused ? -15 : 10
    miner.tempC = Math.min(99, Math.max(40, miner.tempC))
    return say(
      JSON.stringify({
        ASICModel: 'BM1370',
        macAddr: '02:AA:BB:CC:DD:04',
        hashRate: miner.isPaused ? 0 : 1100,
        miningPaused: miner.isPaused,
        temp: miner.tempC,
        power: 18,
        uptimeSeconds: 5000,
      })
    )
  })
  server.listen(0, IP)
  await once(server, 'listening')
  return { miner, server, port: (server.address() as AddressInfo).port }
}

async function until(isSo: () => boolean, what: string) {
  const endAt = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > endAt) throw new Error(`never: ${what}`)
    await delay(10)
  }
}

async function bench(safety: EdgeConfig['safety']) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-safety-'))
  const { miner, server, port } = await hotMiner()
  const tenant = generateKeyPairSync('ed25519')
  const portal = new FakePortal(ownKey(folder), hasty.clock)
  saveMembership(folder, {
    portal: (await portal.listen()).origin,
    collectorId: ID,
    name: 'Hall 1',
    site: { id: ID, name: 'North', timeZone: 'UTC' },
    configKey: rawPublicKey(tenant.publicKey),
    enrolledAt: START,
  })
  const settings = { networks: ['127.78.0.0/24'], ipReports: false }
  writeFileSync(join(folder, 'edge.json'), JSON.stringify(settings))
  const config: EdgeConfig = {
    version: 1,
    collectorId: ID,
    ranges: [{ id: ID, addresses: IP, ports: { http: port, rpc: 1, https: 1, v3: 1, rest: 1 } }],
    pollSeconds: 20,
    detailSeconds: 600,
    scanHours: 0,
    scanRequest: 0,
    ignored: [],
    safety: safety ?? null,
  }
  const payload = Buffer.from(JSON.stringify(config))
  portal.answers.set(`${EDGE_PATH}/config`, {
    payload: payload.toString('base64url'),
    signature: signBytes(configBytes(payload), tenant.privateKey),
  })
  portal.answers.set(`${EDGE_PATH}/heartbeat`, { time: hasty.clock(), configVersion: 1 })
  portal.answers.set(`${EDGE_PATH}/discovery`, { accepted: [] })
  portal.answers.set(`${EDGE_PATH}/safety`, { taken: 1 })
  const collector = new Collector({ folder, drivers: DRIVERS, log: () => {}, time: hasty })
  const running = collector.run()
  return {
    miner,
    collector,
    events: () =>
      ((portal.messages.get(`${EDGE_PATH}/safety`) ?? []) as SafetyReport[]).flatMap((report) => {
        if (checkSafetyReport(report)) throw new Error('a report that is none')
        return report.events.map(({ action, outcome }) => `${action} ${outcome}`)
      }),
    async end() {
      await collector.stop()
      await running
      server.closeAllConnections()
      server.close()
      await portal.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const POLICY = {
  sleepAboveC: 90,
  samplesInRow: 2,
  mostPerHour: 5,
  mostSharePct: 10,
  wakeBelowC: 50,
  wakeAfterMinutes: 5,
}

test.group('Safety at the edge | a miner that overheats', (group) => {
  group.tap((one) => one.timeout(60_000))

  test('is sent to sleep, seen asleep, woken when it is cool, and all of it is reported', async ({
    assert,
  }) => {
    const on = await bench(POLICY)
    await until(() => on.events().length >= 4, 'four events')
    assert.deepEqual(on.events().slice(0, 4), [
      'pause sent',
      'pause done',
      'resume sent',
      'resume done',
    ])
    assert.deepEqual(on.miner.told.slice(0, 2), ['/api/system/pause', '/api/system/resume'])
    await on.end()
  })

  test('is left alone without a policy', async ({ assert }) => {
    const on = await bench(null)
    await until(() => on.miner.tempC === 99, 'it is hot')
    await until(() => on.collector.status().queue.batches === 0, 'all is sent')
    assert.deepEqual([on.miner.told, on.events()], [[], []])
    await on.end()
  })
})
