import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import type { EdgeConfig, Heartbeat } from '#edge/protocol/messages'
import { makeMember } from '#tests/helpers'
import { FakeCollector } from '../support/fake_collector.js'

const owner = async ({ tenant }: FakeCollector) =>
  (await makeMember(tenant, 'mining_site_owner')).user

const beat = (collector: FakeCollector, more: Partial<Heartbeat> = {}): Heartbeat => ({
  bootId: collector.bootId,
  version: '0.0.1+000000000000',
  time: Date.now(),
  startedAt: Date.now() - 1000,
  queue: { batches: 0, bytes: 0, oldestAt: null, droppedSamples: 0 },
  miners: { known: 0, answering: 0 },
  rssBytes: 1,
  configVersion: 1,
  roundMs: null,
  ...more,
})

const say = async (collector: FakeCollector, more: Partial<Heartbeat> = {}) => {
  const { status, body } = await collector.ask('POST', 'heartbeat', beat(collector, more))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

const configOf = async (collector: FakeCollector) => {
  const { body } = await collector.ask('GET', 'config', undefined)
  return JSON.parse(Buffer.from(body.payload, 'base64url').toString()) as EdgeConfig
}

const rowOf = async (collector: FakeCollector) =>
  (await collector.rows('fleet_collectors', { id: collector.id }))[0]

test.group('Versions of collectors', () => {
  test('are ordered by the owner, inside the signed config, with the sum of what is served', async ({
    client,
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    await say(collector)
    assert.isNull((await configOf(collector)).update)
    const url = `/fleet/collectors/${collector.id}`
    const operator = (await makeMember(collector.tenant, 'operator')).user
    const refused = await client.post(`${url}/update`).loginAs(operator).withCsrfToken()
    refused.assertStatus(403)
    assert.isNull((await configOf(collector)).update)

    const page = await client.get(url).loginAs(await owner(collector))
    page.assertStatus(200)
    page.assertTextIncludes('Update this collector')
    await client
      .post(`${url}/update`)
      .loginAs(await owner(collector))
      .withCsrfToken()
    const { update, version } = await configOf(collector)
    const sum = await (await client.get('/edge/v1/collector.tgz.sha256')).text()
    assert.equal(`${update!.sha256}  collector.tgz\n`, sum)
    assert.match(update!.version, /^0\.1\.0\+[0-9a-f]{12}$/)
    assert.deepInclude(update, { request: 1, mayDowngrade: false })
    assert.equal(version, 2)
    const [event] = await collector.rows('audit_events', { name: 'fleet.collector.update_ordered' })
    assert.equal(event.subject_id, collector.id)

    const other = await FakeCollector.enrolled()
    const foreign = await client
      .post(`${url}/update`)
      .loginAs(await owner(other))
      .withCsrfToken()
    foreign.assertStatus(404)
    assert.equal((await rowOf(collector)).update_request, 1)
  })

  test('go to one first, and to the others when it has proven the version', async ({
    client,
    assert,
  }) => {
    const first = await FakeCollector.enrolled()
    const { tenant, siteId } = first
    const second = await FakeCollector.enrolled({ tenant, siteId })
    for (const one of [first, second]) await say(one)
    await client
      .post(`/fleet/collectors/${first.id}/rollout`)
      .loginAs(await owner(first))
      .withCsrfToken()
    const order = (await configOf(first)).update!
    assert.isNull((await configOf(second)).update)
    assert.equal((await rowOf(second)).update_waits_for, first.id)
    const told = { request: order.request, version: order.version, reason: null }
    await say(first, { update: { ...told, state: 'trial' } })
    assert.isNull((await configOf(second)).update)
    await say(first, { version: order.version, update: { ...told, state: 'good' } })
    assert.equal((await configOf(second)).update?.version, order.version)
    assert.lengthOf(await first.rows('audit_events', { name: 'fleet.collector.updated' }), 1)
    await say(first, { version: order.version, update: { ...told, state: 'good' } })
    assert.equal((await configOf(second)).update?.request, 1)
  })

  test('that fail at the first one go to nobody else, and raise an alarm with the reason', async ({
    client,
    assert,
  }) => {
    const first = await FakeCollector.enrolled()
    const { tenant, siteId } = first
    const second = await FakeCollector.enrolled({ tenant, siteId })
    for (const one of [first, second]) await say(one)
    const user = await owner(first)
    await client.post(`/fleet/collectors/${first.id}/rollout`).loginAs(user).withCsrfToken()
    const { request, version } = (await configOf(first)).update!
    const update = { request, version, state: 'failed', reason: 'it ended 3 times' } as const
    await say(first, { update })
    await say(first, { update })
    assert.isNull((await configOf(second)).update)
    assert.isNull((await rowOf(second)).update_waits_for)
    const alarms = await first.rows('fleet_alarms', { kind: 'update_failed' })
    assert.lengthOf(alarms, 1)
    const page = await client.get(`/fleet/collectors/${first.id}`).loginAs(user)
    page.assertTextIncludes('it ended 3 times')
  })

  test('show what a collector says of itself, and alarm once', async ({ client, assert }) => {
    const collector = await FakeCollector.enrolled()
    const notices = [{ kind: 'storage', detail: 'disk I/O error <b>' }] as const
    await say(collector, { notices: [...notices] })
    await say(collector, { notices: [...notices] })
    const open = { kind: 'collector_storage', cleared_at: null }
    assert.lengthOf(await collector.rows('fleet_alarms', open), 1)
    const user = await owner(collector)
    const page = await client.get(`/fleet/collectors/${collector.id}`).loginAs(user)
    page.assertTextIncludes('Collector cannot store')
    page.assertTextIncludes('disk I/O error &lt;b&gt;')
    await say(collector)
    assert.lengthOf(await collector.rows('fleet_alarms', open), 0)
    const bad = { notices: [{ kind: 'other', detail: '' }] as never }
    const refused = await collector.ask('POST', 'heartbeat', beat(collector, bad))
    assert.equal(refused.status, 422)
  })
})

const POLICY = {
  isOn: 'true',
  sleepAboveC: 90,
  samplesInRow: 3,
  mostPerHour: 2,
  mostSharePct: 20,
  wakeBelowC: 50,
  wakeAfterMinutes: 30,
}

test.group('Safety at the edge', () => {
  test('is off until the owner of the site decides, and is told inside the signed config', async ({
    client,
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    assert.isNull((await configOf(collector)).safety)
    const url = `/fleet/safety/${collector.siteId}`
    const user = await owner(collector)
    const form = await client.get(`${url}/edit`).loginAs(user)
    form.assertStatus(200)
    const operator = (await makeMember(collector.tenant, 'operator')).user
    const refused = await client.post(url).form(POLICY).loginAs(operator).withCsrfToken()
    refused.assertStatus(403)
    const stranger = await owner(await FakeCollector.enrolled())
    const foreign = await client.post(url).form(POLICY).loginAs(stranger).withCsrfToken()
    foreign.assertStatus(404)
    for (const wrong of [{ wakeBelowC: 95 }, { sleepAboveC: 20 }, { mostSharePct: 0 }]) {
      await client
        .post(url)
        .form({ ...POLICY, ...wrong })
        .loginAs(user)
        .withCsrfToken()
    }
    assert.isNull((await configOf(collector)).safety)

    await client.post(url).form(POLICY).loginAs(user).withCsrfToken()
    const { safety, version } = await configOf(collector)
    const { isOn: _, ...numbers } = POLICY
    assert.deepEqual(safety, numbers)
    assert.equal(version, 2)
    const [event] = await collector.rows('audit_events', { name: 'fleet.safety.changed' })
    assert.equal(event.subject_id, collector.siteId)
    await client
      .post(url)
      .form({ ...POLICY, isOn: 'false' })
      .loginAs(user)
      .withCsrfToken()
    assert.isNull((await configOf(collector)).safety)
  })

  test('keeps once what a collector did by itself, and shows it', async ({ client, assert }) => {
    const collector = await FakeCollector.enrolled()
    const event = {
      id: randomUUID(),
      at: Date.now(),
      miner: 'mac:02:00:00:00:00:01',
      ip: '10.0.0.1',
      action: 'pause',
      outcome: 'sent',
      tempC: 97.5,
      detail: 'mode 1 <script>',
    }
    const failed = { ...event, id: randomUUID(), outcome: 'not_done', tempC: null }
    const report = { events: [event, failed] }
    for (const _ of [1, 2]) {
      assert.equal((await collector.ask('POST', 'safety', report)).status, 200)
    }
    const rows = await collector.rows('fleet_safety_events')
    assert.sameMembers(
      rows.map(({ outcome, temp_c: temp }) => `${outcome} ${temp}`),
      ['sent 97.5', 'not_done null']
    )
    const alarms = await collector.rows('fleet_alarms')
    assert.sameMembers(
      alarms.map(({ kind }) => kind),
      ['safety_slept', 'safety_failed']
    )
    const page = await client
      .get(`/fleet/collectors/${collector.id}`)
      .loginAs(await owner(collector))
    page.assertTextIncludes('97.5 °C')
    page.assertTextIncludes('mode 1 &lt;script&gt;')
    const bad = { events: [{ ...event, action: 'explode' }] }
    assert.equal((await collector.ask('POST', 'safety', bad)).status, 422)
  })
})
