import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { EDGE_PATH, type EdgeConfig, type Heartbeat } from '../protocol/messages.js'
import { configBytes, rawPublicKey, signBytes } from '../protocol/signing.js'
import { PortalClient } from '../src/portal/client.js'
import { ConfigRefused, ConfigStore } from '../src/portal/config.js'
import { Gate } from '../src/portal/gate.js'
import { Heartbeats } from '../src/portal/heartbeat.js'
import { loadIdentity, ownKey, saveMembership } from '../src/portal/identity.js'
import { createTransport } from '../src/portal/transport.js'
import { FakePortal } from './support/fake_portal.js'
import { FakeTime } from './support/fake_time.js'

const START = Date.UTC(2026, 0, 5)
const COLLECTOR = '11111111-2222-4333-8444-555555555555'
const OTHER = '99999999-2222-4333-8444-555555555555'

const configOf = (version: number, collectorId = COLLECTOR): EdgeConfig => ({
  version,
  collectorId,
  ranges: [
    {
      id: '22222222-2222-4333-8444-555555555555',
      addresses: '10.1.2.0/24',
      ports: { rpc: 4028 },
    },
  ],
  pollSeconds: 30,
  detailSeconds: 300,
  scanHours: 24,
  scanRequest: 0,
  ignored: [],
})

function signed(config: object, key: KeyObject) {
  const payload = Buffer.from(JSON.stringify(config))
  return {
    payload: payload.toString('base64url'),
    signature: signBytes(configBytes(payload), key),
  }
}

/** A folder, the tenant's key, and a store that believes it. */
function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'edge-config-'))
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  const believed = { collectorId: COLLECTOR, configKey: rawPublicKey(publicKey) }
  return {
    folder,
    key,
    believed,
    open: () => new ConfigStore(folder, believed),
    end: () => rmSync(folder, { recursive: true }),
  }
}

/** Why a store does not take it. */
function refusal(store: ConfigStore, given: unknown): string | null {
  try {
    store.take(given)
    return null
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    return error.reason
  }
}

test.group('ConfigStore', () => {
  test('takes a signed config and has it after a restart', ({ assert }) => {
    const on = bench()
    const store = on.open()
    assert.deepEqual([store.config, store.version], [null, 0])
    assert.isTrue(store.take(signed(configOf(3), on.key)))
    assert.deepEqual(on.open().config, configOf(3))
    assert.equal(statSync(join(on.folder, 'config.json')).mode & 0o777, 0o600)
    on.end()
  })

  test('is not lost for a device that only a newer version can read', ({ assert }) => {
    const on = bench()
    const store = on.open()
    const place = {
      id: '33333333-2222-4333-8444-555555555555',
      ip: '10.1.2.9',
      port: 502,
      unit: 1,
      pollSeconds: 30,
      ctRatio: 1,
      ptRatio: 1,
    }
    const newer = { ...place, registers: [], gas: { path: '/gas' } }
    assert.isTrue(store.take(signed({ ...configOf(1), meters: [newer] }, on.key)))
    assert.equal(store.config?.meters?.[0]?.ip, '10.1.2.9')
    // Where it is and how often it is asked must be right.
    const wrong = { ...newer, pollSeconds: 1 }
    assert.equal(refusal(store, signed({ ...configOf(2), meters: [wrong] }, on.key)), 'bad_form')
    on.end()
  })

  test('refuses what was tampered with, down to one bit', ({ assert }) => {
    const on = bench()
    const store = on.open()
    const good = signed(configOf(1), on.key)
    for (const part of ['payload', 'signature'] as const) {
      const bytes = Buffer.from(good[part], 'base64url')
      for (let index = 0; index < bytes.length; index += 7) {
        const bent = Buffer.from(bytes)
        bent[index]! ^= 1 << (index % 8)
        const given = { ...good, [part]: bent.toString('base64url') }
        assert.equal(refusal(store, given), 'bad_signature', `${part} ${index}`)
      }
    }
    assert.equal(refusal(store, null), 'bad_form')
    assert.equal(refusal(store, { ...good, signature: 'x' }), 'bad_form')
    assert.isNull(store.config)
    on.end()
  })

  test('refuses another key, though it signed well', ({ assert }) => {
    const on = bench()
    const other = generateKeyPairSync('ed25519').privateKey
    assert.equal(refusal(on.open(), signed(configOf(1), other)), 'bad_signature')
    on.end()
  })

  test('refuses a signature over something else than a config', ({ assert }) => {
    const on = bench()
    const payload = Buffer.from(JSON.stringify(configOf(1)))
    const given = {
      payload: payload.toString('base64url'),
      signature: signBytes(payload, on.key),
    }
    assert.equal(refusal(on.open(), given), 'bad_signature')
    on.end()
  })

  test('never goes back, also not after a restart', ({ assert }) => {
    const on = bench()
    on.open().take(signed(configOf(5), on.key))
    const store = on.open()
    assert.equal(refusal(store, signed(configOf(4), on.key)), 'older')
    assert.isFalse(store.take(signed(configOf(5), on.key)))
    const changed = signed({ ...configOf(5), pollSeconds: 5 }, on.key)
    assert.equal(refusal(store, changed), 'same_version_differs')
    assert.isTrue(store.take(signed(configOf(6), on.key)))
    on.end()
  })

  test("refuses another collector's config", ({ assert }) => {
    const on = bench()
    assert.equal(refusal(on.open(), signed(configOf(1, OTHER), on.key)), 'other_collector')
    on.end()
  })

  test('refuses what is signed well but no config', ({ assert }) => {
    const on = bench()
    const store = on.open()
    for (const bad of [
      { pollSeconds: 0 },
      { ranges: null },
      { version: 1.5 },
      { ignored: ['x'] },
    ]) {
      assert.equal(refusal(store, signed({ ...configOf(1), ...bad }, on.key)), 'bad_form')
    }
    on.end()
  })

  test('does not believe a file that somebody changed', ({ assert }) => {
    const on = bench()
    on.open().take(signed(configOf(2), on.key))
    const file = join(on.folder, 'config.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"payload":"\w\w/, '"payload":"xx'))
    const store = on.open()
    assert.isNull(store.config)
    assert.match(store.damage!, /refused/)
    writeFileSync(file, 'no json')
    assert.match(on.open().damage!, /bad_form/)
    on.end()
  })
})

const beat = (time: FakeTime, configVersion: number): Heartbeat => ({
  bootId: '33333333-2222-4333-8444-555555555555',
  version: '0.1.0',
  time: time.clock(),
  startedAt: START,
  queue: { batches: 0, bytes: 0, oldestAt: null, droppedSamples: 0 },
  miners: { known: 0, answering: 0 },
  rssBytes: 1,
  configVersion,
  roundMs: null,
})

/** Heartbeats against a portal on a socket. */
async function beating() {
  const on = bench()
  const time = new FakeTime(START)
  const identity = { collectorId: COLLECTOR, key: ownKey(on.folder) }
  const portal = new FakePortal(createPublicKey(identity.key), time.clock)
  const transport = createTransport(await portal.listen())
  const gate = new Gate({ time })
  const store = on.open()
  const news: number[] = []
  const beats = new Heartbeats({
    client: new PortalClient(identity, transport, time),
    gate,
    time,
    log: () => {},
    configs: store,
    beat: () => beat(time, store.version),
    onConfig: () => news.push(store.version),
  })
  return {
    ...on,
    portal,
    gate,
    store,
    news,
    beats,
    once: () => beats.once(new AbortController().signal),
    tell: (version: number) =>
      portal.answers.set(`${EDGE_PATH}/heartbeat`, { time: time.clock(), configVersion: version }),
    offer: (given: object) => portal.answers.set(`${EDGE_PATH}/config`, given),
    paths: () => portal.requests.map(({ path }) => path.slice(EDGE_PATH.length + 1)),
    async end() {
      transport.close()
      await portal.close()
      on.end()
    },
  }
}

test.group('Heartbeats', () => {
  test('a new version makes the collector fetch its config once', async ({ assert }) => {
    const on = await beating()
    on.tell(0)
    await on.once()
    on.tell(2)
    on.offer(signed(configOf(2), on.key))
    await on.once()
    await on.once()
    assert.deepEqual(on.paths(), ['heartbeat', 'heartbeat', 'config', 'heartbeat'])
    assert.deepEqual([on.news, on.store.version], [[2], 2])
    await on.end()
  })

  test('a config that is refused is said and asked for again', async ({ assert }) => {
    const on = await beating()
    on.tell(2)
    on.offer(signed(configOf(2, OTHER), on.key))
    await on.once()
    assert.match(on.beats.configTrouble!, /other_collector/)
    on.offer(signed(configOf(2), on.key))
    await on.once()
    assert.isNull(on.beats.configTrouble)
    assert.equal(on.store.version, 2)
    await on.end()
  })

  test('a disk that does not keep the config does not end the heartbeats', async ({ assert }) => {
    const on = await beating()
    on.tell(2)
    on.offer(signed(configOf(2), on.key))
    // A folder where the draft is to be written.
    rmSync(on.folder, { recursive: true })
    writeFileSync(on.folder, '')
    await on.once()
    assert.isString(on.beats.configTrouble)
    rmSync(on.folder)
    await on.once()
    assert.isNull(on.beats.configTrouble)
    assert.equal(on.open().version, 2)
    await on.end()
  })

  test('being taken out closes the gate until a heartbeat is answered again', async ({
    assert,
  }) => {
    const on = await beating()
    on.tell(0)
    on.portal.revoked = true
    await on.once()
    assert.isTrue(on.gate.isRefused)
    on.portal.revoked = false
    await on.once()
    assert.isFalse(on.gate.isRefused)
    on.portal.isDown = true
    await on.once()
    assert.isString(on.gate.trouble)
    await on.end()
  })
})

test.group('Identity', () => {
  test('the key is born once, readable by its owner only, and kept with the enrolment', ({
    assert,
  }) => {
    const on = bench()
    assert.isNull(loadIdentity(on.folder))
    const key = rawPublicKey(ownKey(on.folder))
    assert.equal(rawPublicKey(ownKey(on.folder)), key)
    const membership = {
      portal: 'https://portal.example',
      name: 'Hall 1',
      site: { id: COLLECTOR, name: 'North', timeZone: 'Europe/Oslo' },
      enrolledAt: START,
      ...on.believed,
    }
    saveMembership(on.folder, membership)
    const identity = loadIdentity(on.folder)!
    assert.equal(rawPublicKey(identity.key), key)
    assert.deepInclude(identity, membership)
    for (const file of ['key.pem', 'identity.json']) {
      assert.equal(statSync(join(on.folder, file)).mode & 0o777, 0o600)
    }
    assert.throws(() => saveMembership(on.folder, { ...membership, configKey: 'short' }))
    on.end()
  })
})
