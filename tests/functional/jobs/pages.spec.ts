import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import core from '#core/core'
import { current } from '#core/current'
import { enqueue } from '#core/jobs'
import { newId } from '#core/ids'
import type { TestTenant } from '#tests/helpers'
import { asSystem, makeMember, makeTenant, makeUser } from '#tests/helpers'
import { addJob, runRow } from './fixtures.js'

type Values = Record<string, unknown>

/** A run as it would be after some history. */
async function makeRun(tenant: TestTenant, values: Values = { state: 'queued' }) {
  const id = await asSystem(tenant, () => enqueue('core.test_page', { word: 'given' }))
  await asSystem(tenant, () => current.get().client.from('job_runs').where('id', id).update(values))
  return id
}

test.group('Pages of jobs', (group) => {
  group.each.setup(() => addJob('core.test_page', async () => null))

  test('list the runs of the tenant, filtered, and none of another one', async ({
    assert,
    client,
  }) => {
    const [tenant, other] = [await makeTenant(), await makeTenant()]
    const { user } = await makeMember(tenant, 'operator')
    const failed = await makeRun(tenant, { state: 'failed', error: 'the pool said no' })
    const queued = await makeRun(tenant)
    const foreign = await makeRun(other)
    const page = await client.get('/jobs').loginAs(user)
    page.assertStatus(200)
    for (const id of [failed, queued]) page.assertTextIncludes(`/jobs/${id}`)
    page.assertTextIncludes('the pool said no')
    assert.notInclude(page.text(), foreign)
    const filtered = await client.get('/jobs?state=failed&job=core.test_page').loginAs(user)
    filtered.assertTextIncludes(failed)
    assert.notInclude(filtered.text(), queued)
    const csv = await client.get('/jobs?format=csv').loginAs(user)
    assert.include(csv.text(), 'core.test_page')
  })

  test('show payload, error and who asked, in both languages', async ({ client }) => {
    const tenant = await makeTenant()
    for (const [locale, word] of [
      ['en', 'failed'],
      ['zh', '失败'],
    ] as const) {
      const { user } = await makeMember(tenant, 'operator', { locale, fullName: 'Ada Asker' })
      const id = await makeRun(tenant, {
        state: 'failed',
        error: 'E_WORKER_DIED',
        actor_id: user.id,
      })
      const page = await client.get(`/jobs/${id}`).loginAs(user)
      page.assertStatus(200)
      for (const text of ['given', 'Ada Asker', word]) page.assertTextIncludes(text)
    }
  })

  test('answer the same for a foreign, a missing and a senseless id', async ({
    assert,
    client,
  }) => {
    const [tenant, other] = [await makeTenant(), await makeTenant()]
    const { user } = await makeMember(tenant, 'operator')
    const foreign = await makeRun(other, { state: 'failed' })
    for (const id of [foreign, newId(), 'nonsense']) {
      for (const path of [`/jobs/${id}`, `/jobs/${id}/progress`]) {
        const page = await client.get(path).loginAs(user)
        page.assertStatus(404)
      }
      for (const path of [`/jobs/${id}/retry`, `/jobs/${id}/cancellation`]) {
        const answer = await client.post(path).loginAs(user).withCsrfToken()
        answer.assertStatus(404)
      }
    }
    assert.equal((await runRow(foreign)).state, 'failed')
  })

  test('ask again while a run is open and stop when it is over', async ({ assert, client }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const running = await makeRun(tenant, {
      state: 'running',
      progress_done: 3,
      progress_total: 10,
    })
    const open = await client.get(`/jobs/${running}/progress`).loginAs(user)
    open.assertTextIncludes(`hx-get="/jobs/${running}/progress"`)
    open.assertTextIncludes('value="3"')
    open.assertTextIncludes('max="10"')
    const done = await makeRun(tenant, { state: 'done', progress_done: 10, progress_total: 10 })
    const over = await client.get(`/jobs/${done}/progress`).loginAs(user)
    assert.notInclude(over.text(), 'hx-get')
    assert.equal(over.header('hx-trigger'), 'jobEnded')
  })

  test('retry a failed run once, with a line in the audit log', async ({ assert, client }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const id = await makeRun(tenant, { state: 'failed', attempts: 3, error: 'no' })
    const retry = () => client.post(`/jobs/${id}/retry`).loginAs(user).withCsrfToken().redirects(0)
    const first = await retry()
    first.assertStatus(302)
    const row = await runRow(id)
    assert.deepInclude(row, { state: 'queued', attempts: 0, error: null })
    const again = await retry()
    again.assertStatus(409)
    const leaves = await asSystem(tenant, () =>
      current
        .get()
        .client.from('audit_events')
        .where({ subject_id: id, name: 'core.job.retried', actor_id: user.id })
    )
    assert.lengthOf(leaves, 1)
  })

  test('refuse those without the permission', async ({ client }) => {
    const tenant = await makeTenant()
    const { user: clientUser } = await makeMember(tenant, 'client')
    const { user: operator } = await makeMember(tenant, 'operator')
    const id = await makeRun(tenant, { state: 'failed' })
    for (const path of ['/jobs', `/jobs/${id}`, `/jobs/${id}/progress`]) {
      const answer = await client.get(path).loginAs(clientUser)
      answer.assertStatus(403)
    }
    const retry = await client.post(`/jobs/${id}/retry`).loginAs(clientUser).withCsrfToken()
    retry.assertStatus(403)
    const staffOnly = await client.get('/queues').loginAs(operator)
    staffOnly.assertStatus(403)
    const guest = await client.get('/jobs').redirects(0)
    guest.assertStatus(302)
  })

  test('show staff the queues and give a dead event its tries again', async ({
    assert,
    client,
  }) => {
    const tenant = await makeTenant()
    const owner = await makeUser({ platformRole: 'owner' })
    const eventId = await asSystem(tenant, () =>
      core.track({ type: 'tests', id: newId() }, 'setting.changed', { plugin: 'x' })
    )
    const row = () => db.connection('login').from('outbox').where('event_id', eventId)
    await row().update({ dead_at: new Date(), attempts: 8, last_error: 'a webhook said no' })
    const page = await client.get('/queues').loginAs(owner)
    page.assertStatus(200)
    for (const text of ['hi-jobs', 'hi-schedule', 'a webhook said no', tenant.name]) {
      page.assertTextIncludes(text)
    }
    const path = `/queues/events/${tenant.id}/${eventId}/revival`
    const revive = () => client.post(path).loginAs(owner).withCsrfToken().redirects(0)
    const first = await revive()
    first.assertStatus(302)
    assert.deepInclude(await row().firstOrFail(), { dead_at: null, attempts: 0 })
    const again = await revive()
    again.assertStatus(404)
    const lines = await db
      .connection('login')
      .from('account_events')
      .where({ name: 'core.event.revived', actor_id: owner.id })
    assert.lengthOf(lines, 1)
  })
})
