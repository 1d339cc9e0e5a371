import { generateKeyPairSync } from 'node:crypto'
import { test } from '@japa/runner'
import { configBytes, isSignedBy, publicKeyOf, rawPublicKey } from '#edge/protocol/signing'
import { asSystem, makeSite, makeTenant } from '#tests/helpers'
import Collector from '../../models/collector.js'
import { codeFor, enrolWith, FakeCollector } from '../support/fake_collector.js'

const newKey = () => rawPublicKey(generateKeyPairSync('ed25519').privateKey)

const beat = {
  version: '0.1.0',
  queue: { batches: 0, bytes: 0, oldestAt: null, droppedSamples: 0 },
  miners: { known: 3, answering: 2 },
  rssBytes: 80_000_000,
  configVersion: 0,
  roundMs: 900,
}

const heartbeat = (collector: FakeCollector, more = {}) => ({
  ...beat,
  bootId: collector.bootId,
  time: Date.now(),
  startedAt: Date.now() - 60_000,
  ...more,
})

test.group('Enrolment of collectors', () => {
  test('let one in with a code, with the same words on both sides', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    const [row] = await collector.rows('fleet_collectors')
    assert.equal(row.id, collector.id)
    assert.equal(row.site_id, collector.siteId)
    assert.equal(row.public_key, rawPublicKey(collector.key))
    await asSystem(collector.tenant, async () => {
      assert.match((await Collector.named(collector.id)).fingerprint, /^([a-z]{5}-){5}[a-z]{5}$/)
    })
    const [event] = await collector.rows('audit_events', { name: 'fleet.collector.enrolled' })
    assert.equal(event.subject_id, collector.id)
    assert.equal(event.via, 'device')
  })

  test('take a code once, also of two at the same time, and no other', async ({ assert }) => {
    const tenant = await makeTenant()
    const siteId = await asSystem(tenant, () => makeSite())
    const code = await codeFor(tenant, siteId)
    const answers = await Promise.all([1, 2, 3].map(() => enrolWith(code, newKey())))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 403, 403])
    assert.equal((await enrolWith('ABCD-EFGH', newKey())).body.code, 'E_CODE_INVALID')
    const late = await codeFor(tenant, siteId)
    await asSystem(tenant, async () => {
      const { current } = await import('#core/current')
      await current
        .get()
        .client.from('fleet_enrolment_codes')
        .whereNull('used_at')
        .update({ expires_at: new Date(Date.now() - 1000) })
    })
    assert.equal((await enrolWith(late, newKey())).status, 403)
  })

  test('refuse what is no request of the protocol', async ({ assert }) => {
    const tenant = await makeTenant()
    const code = await codeFor(tenant, await asSystem(tenant, () => makeSite()))
    for (const [key, more] of [
      ['short', {}],
      ['!'.repeat(43), {}],
      [newKey(), { version: 7 }],
      [newKey(), { hostname: 'x'.repeat(300) }],
      [newKey(), { hostname: 'a\u0000b' }],
    ] as const) {
      const { status, body } = await enrolWith(code, key, more)
      assert.equal(status, 422, JSON.stringify(more))
      assert.equal(body.code, 'E_MESSAGE')
    }
    assert.equal((await enrolWith(code.toLowerCase(), newKey())).status, 422)
    assert.equal((await enrolWith(code, newKey())).status, 201)
  })
})

test.group('Requests of collectors', () => {
  test('are taken when they are signed now by a key that is known', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    const { status, body, headers } = await collector.ask('POST', 'heartbeat', heartbeat(collector))
    assert.equal(status, 200)
    assert.equal(body.configVersion, 1)
    assert.closeTo(body.time, Date.now(), 5000)
    assert.closeTo(Number(headers.get('hi-time')), Date.now(), 5000)
    const [row] = await collector.rows('fleet_collectors')
    assert.equal(row.miners_answering, 2)
    assert.closeTo(row.seen_at.getTime(), Date.now(), 5000)
  })

  test('are refused with another key, id, body, path, method or time', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    const other = await FakeCollector.enrolled()
    const message = heartbeat(collector)
    const asked = async (change: object) => {
      const { status, body } = await collector.ask('POST', 'heartbeat', message, change)
      return [status, body.code]
    }
    const unknown = [401, 'E_COLLECTOR_UNKNOWN']
    assert.deepEqual(await asked({ key: other.key }), unknown)
    assert.deepEqual(await asked({ collectorId: other.id }), unknown)
    assert.deepEqual(await asked({ collectorId: 'nobody' }), unknown)
    assert.deepEqual(await asked({ collectorId: collector.bootId }), unknown)
    assert.deepEqual(await asked({ body: Buffer.from('{}') }), unknown)
    assert.deepEqual(await asked({ path: '/edge/v1/telemetry' }), unknown)
    assert.deepEqual(await asked({ path: '/edge/v1/heartbeat?x=1' }), unknown)
    assert.deepEqual(await asked({ time: Date.now() - 301_000 }), [403, 'E_CLOCK_SKEW'])
    assert.deepEqual(await asked({ time: Date.now() + 301_000 }), [403, 'E_CLOCK_SKEW'])
    assert.deepEqual(await asked({ time: Number.NaN }), [403, 'E_CLOCK_SKEW'])
    assert.deepEqual(await asked({}), [200, undefined])
  })

  test('end when the collector is taken out or its company is suspended', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await asSystem(collector.tenant, async () => (await Collector.named(collector.id)).revoke())
    const answer = await collector.ask('POST', 'heartbeat', heartbeat(collector))
    assert.deepEqual([answer.status, answer.body.code], [403, 'E_COLLECTOR_REVOKED'])
    const { default: db } = await import('@adonisjs/lucid/services/db')
    const suspended = await FakeCollector.enrolled()
    await db
      .connection('login')
      .from('tenants')
      .where('id', suspended.tenant.id)
      .update({ suspended_at: new Date() })
    const second = await suspended.ask('POST', 'heartbeat', heartbeat(suspended))
    assert.equal(second.status, 401)
  })

  test('get a config that the pinned key of the tenant signed, new after each change', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    const configOf = async () => {
      const { body } = await collector.ask('GET', 'config', undefined)
      const payload = Buffer.from(body.payload, 'base64url')
      const key = publicKeyOf(collector.enrolled.configKey)
      assert.isTrue(isSignedBy(configBytes(payload), body.signature, key))
      return JSON.parse(payload.toString())
    }
    const first = await configOf()
    assert.equal(first.collectorId, collector.id)
    assert.deepEqual([first.version, first.pollSeconds, first.ranges], [1, 30, []])
    await asSystem(collector.tenant, async () => {
      const row = await Collector.named(collector.id)
      const { name, autoAccept, detailSeconds, scanHours } = row
      await row.decide({ name, autoAccept, detailSeconds, scanHours, pollSeconds: 15 })
      await row.askForScan()
    })
    const second = await configOf()
    assert.deepEqual([second.version, second.pollSeconds, second.scanRequest], [3, 15, 1])
    const other = await FakeCollector.enrolled()
    assert.notEqual(other.enrolled.configKey, collector.enrolled.configKey)
  })
})
