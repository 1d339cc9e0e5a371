import { test } from '@japa/runner'
import pg from 'pg'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { enqueue } from '#core/jobs'
import { runJob } from '#services/jobs_runner'
import { retry } from '#services/jobs_store'
import { sweepJobs } from '#services/jobs_sweeper'
import { queueBackend, QUEUES, queueOf } from '#services/queue'
import env from '#start/env'
import { asSystem, makeMember, makeTenant, asUser, makeCustomer } from '#tests/helpers'
import { addJob, runRow, startTestWorker, until, untilState } from './fixtures.js'

const eventsOf = (tenant: { id: string }, subjectId: string) =>
  asSystem(tenant, async () => {
    const rows = await current
      .get()
      .client.from('audit_events')
      .where('subject_id', subjectId)
      .orderBy('id')
    return rows.map((row) => row.name as string)
  })

test.group('Jobs', (group) => {
  group.tap((one) => one.tags(['@queue']))

  test('run inside the tenant that asked, with row-level security on', async ({
    assert,
    cleanup,
  }) => {
    const [one, other] = [await makeTenant(), await makeTenant()]
    await asSystem(other, () => makeCustomer('Foreign'))
    await asSystem(one, () => makeCustomer('Own'))
    cleanup(
      addJob('core.test_scope', async (_, job) => {
        const { rows } = await job.inTenant(() =>
          current.get().client.rawQuery('select name, current_user as login from customers')
        )
        return { rows, outside: current.peek() === undefined }
      })
    )
    await startTestWorker({ cleanup })
    const id = await asSystem(one, () => enqueue('core.test_scope'))
    const { result } = await untilState(id, 'done')
    assert.deepEqual(result, { rows: [{ name: 'Own', login: 'hi_app' }], outside: true })
    assert.deepEqual(await eventsOf(one, id), ['core.job.asked'])
  })

  test('never mix two tenants', async ({ assert, cleanup }) => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => makeTenant()))
    cleanup(
      addJob('core.test_mix', async (_, job) => {
        const ids: string[] = []
        for (let step = 0; step < 3; step++) {
          await job.inTenant(async () => {
            await makeCustomer(job.tenantId)
            const { rows } = await current.get().client.rawQuery('select name from customers')
            ids.push(...rows.map((row: { name: string }) => row.name))
          })
        }
        return ids
      })
    )
    await startTestWorker({ cleanup })
    const asked = await Promise.all(
      tenants.flatMap((tenant) =>
        [1, 2].map(async () => ({
          tenant,
          id: await asSystem(tenant, () => enqueue('core.test_mix')),
        }))
      )
    )
    for (const { tenant, id } of asked) {
      const { result, tenant_id: tenantId } = await untilState(id, 'done')
      assert.equal(tenantId, tenant.id)
      assert.isAtLeast(result.length, 6)
      assert.deepEqual([...new Set(result)], [tenant.id])
    }
  })

  test('leave no job when the asking transaction rolls back', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    cleanup(addJob('core.test_rollback', async () => null))
    let id = ''
    await asSystem(tenant, async () => {
      id = await enqueue('core.test_rollback')
      current.abandon()
    })
    assert.isNull(await db.connection('login').from('job_runs').where('id', id).first())
  })

  test('refuse a payload that the schema refuses', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    cleanup(addJob('core.test_payload', async () => null))
    const ask = () => asSystem(tenant, () => enqueue('core.test_payload', { word: 'x'.repeat(41) }))
    const error = await ask().catch((thrown) => thrown)
    assert.equal(error.code, 'E_VALIDATION_ERROR')
    const left = await db.connection('login').from('job_runs').where('tenant_id', tenant.id)
    assert.lengthOf(left, 0)
  })

  test('refuse a job that nobody wrote', async ({ assert }) => {
    const tenant = await makeTenant()
    for (const name of ['core.nothing', 'nobody.refresh', '../../etc.passwd', 'core', '']) {
      const error = await asSystem(tenant, () => enqueue(name)).catch((thrown) => thrown)
      assert.equal(error.code, 'E_JOB_UNKNOWN', name)
    }
  })

  test('try again with pauses, then fail where everybody can see it', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const tries: number[] = []
    cleanup(
      addJob('core.test_fail', async (_, job) => {
        tries.push(job.attempt)
        throw new TypeError('the pool said no')
      })
    )
    await startTestWorker({ cleanup })
    const id = await asSystem(tenant, () => enqueue('core.test_fail'))
    const row = await untilState(id, 'failed')
    assert.deepEqual(tries, [1, 2, 3])
    assert.equal(row.error, 'the pool said no')
    assert.deepEqual(await eventsOf(tenant, id), ['core.job.asked', 'core.job.failed'])
  })

  test('do a failed job after all when somebody retries it', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    let isBroken = true
    cleanup(
      addJob(
        'core.test_retry',
        async () => {
          if (isBroken) throw new TypeError('still broken')
          return 'mended'
        },
        { maxAttempts: 1 }
      )
    )
    await startTestWorker({ cleanup })
    const id = await asSystem(tenant, () => enqueue('core.test_retry'))
    await untilState(id, 'failed')
    isBroken = false
    assert.isTrue(await asSystem(tenant, () => retry(id, 'core.test_retry')))
    await sweepJobs({ forgottenSeconds: 0 })
    const row = await untilState(id, 'done')
    assert.equal(row.result, 'mended')
    assert.include(await eventsOf(tenant, id), 'core.job.retried')
    assert.isFalse(await asSystem(tenant, () => retry(id, 'core.test_retry')))
  })

  test('keep progress where a page can read it, and stop when cancelled', async ({
    assert,
    cleanup,
    client,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    let ended = false
    cleanup(
      addJob('core.test_long', async (_, job) => {
        await job.progress(3, 10)
        await until(() => job.cancelled(), 'the run is cancelled')
        ended = true
      })
    )
    await startTestWorker({ cleanup })
    const id = await asSystem(tenant, () => enqueue('core.test_long'))
    await until(async () => (await runRow(id)).progress_done === '3', 'progress is kept')
    const page = await client.get(`/jobs/${id}/progress`).loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('value="3"')
    const cancelled = await client
      .post(`/jobs/${id}/cancellation`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    cancelled.assertStatus(302)
    await until(() => ended, 'the job noticed')
    assert.equal((await runRow(id)).state, 'cancelled')
    assert.include(await eventsOf(tenant, id), 'core.job.cancelled')
  })

  test('do the work although the queue lost everything', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    cleanup(addJob('core.test_lost', async ({ word }) => word))
    const id = await asSystem(tenant, () => enqueue('core.test_lost', { word: 'kept' }))
    await (await queueOf(QUEUES.jobs)).obliterate({ force: true })
    await startTestWorker({ cleanup })
    await sweepJobs({ forgottenSeconds: 0 })
    const { result } = await untilState(id, 'done')
    assert.equal(result, 'kept')
  })

  test('do the work without the queue when it takes no tickets at all', async ({
    assert,
    cleanup,
  }) => {
    const owner = (sql: string) => db.connection('owner').rawQuery(sql)
    const tenant = await makeTenant()
    cleanup(addJob('core.test_queueless', async ({ word }) => word))
    await owner('revoke usage on schema bullmq from hi_jobs')
    cleanup(async () => void (await owner('grant usage on schema bullmq to hi_jobs')))
    const id = await asSystem(tenant, () => enqueue('core.test_queueless', { word: 'done' }))
    await sweepJobs({ forgottenSeconds: 0, workInstead: true })
    const row = await runRow(id)
    assert.equal(row.state, 'done')
    assert.equal(row.result, 'done')
  }).skip(queueBackend() === 'redis', 'takes a right away that only PostgreSQL knows')

  test('give the run of a dead worker to another one, once', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    let runs = 0
    cleanup(addJob('core.test_dead', async () => ++runs))
    const id = await asSystem(tenant, () => enqueue('core.test_dead'))
    await (await queueOf(QUEUES.jobs)).obliterate({ force: true })
    const seize = (silence: string) =>
      asSystem(tenant, () =>
        current.get().client.rawQuery(
          `update job_runs set state = 'running', attempts = 1, lease = gen_random_uuid(),
             heartbeat_at = now() - ?::interval where id = ?`,
          [silence, id]
        )
      )
    await seize('50 seconds')
    await sweepJobs()
    assert.equal((await runRow(id)).state, 'running')
    await seize('70 seconds')
    await Promise.all([sweepJobs(), sweepJobs(), sweepJobs()])
    assert.equal((await runRow(id)).state, 'queued')
    await startTestWorker({ cleanup })
    const row = await untilState(id, 'done')
    assert.equal(row.attempts, 2)
    assert.equal(runs, 1)
  })

  test('fail a run whose last worker died', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    cleanup(addJob('core.test_last', async () => null, { maxAttempts: 1 }))
    const id = await asSystem(tenant, () => enqueue('core.test_last'))
    await asSystem(tenant, () =>
      current.get().client.rawQuery(
        `update job_runs set state = 'running', attempts = 1, lease = gen_random_uuid(),
           heartbeat_at = now() - interval '70 seconds' where id = ?`,
        [id]
      )
    )
    await sweepJobs()
    const row = await runRow(id)
    assert.equal(row.state, 'failed')
    assert.equal(row.error, 'E_WORKER_DIED')
    assert.include(await eventsOf(tenant, id), 'core.job.failed')
  })

  test('write nothing for a run that was taken away', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    let refused = ''
    cleanup(
      addJob('core.test_zombie', async (_, job) => {
        await asSystem(tenant, () =>
          current.get().client.from('job_runs').where('id', job.runId).update({ lease: null })
        )
        await job.inTenant(() => makeCustomer('Zombie')).catch((error) => (refused = error.code))
        return 'too late'
      })
    )
    const id = await asSystem(tenant, () => enqueue('core.test_zombie'))
    await runJob({ tenantId: tenant.id, runId: id })
    const row = await runRow(id)
    assert.equal(refused, 'E_RUN_LOST')
    assert.equal(row.state, 'running')
    assert.isNull(row.result)
    const names = await asSystem(tenant, () =>
      current.get().client.from('customers').select('name')
    )
    assert.deepEqual(names, [])
  })

  test('run each ticket once however many hold it', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    let runs = 0
    cleanup(addJob('core.test_once', async () => ++runs))
    const id = await asSystem(tenant, () => enqueue('core.test_once'))
    const ticket = { tenantId: tenant.id, runId: id }
    await Promise.all(Array.from({ length: 6 }, () => runJob(ticket)))
    assert.equal(runs, 1)
  })

  test('find nothing for a ticket that names another tenant', async ({ assert, cleanup }) => {
    const [one, other] = [await makeTenant(), await makeTenant()]
    let runs = 0
    cleanup(addJob('core.test_forged', async () => ++runs))
    const id = await asSystem(one, () => enqueue('core.test_forged'))
    await runJob({ tenantId: other.id, runId: id })
    assert.equal(runs, 0)
    assert.equal((await runRow(id)).state, 'queued')
  })

  test('refuse a job of a plugin that is off, and skip one asked for before', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    let runs = 0
    cleanup(addJob('ghost.work', async () => ++runs))
    const id = await asUser(user, () => enqueue('ghost.work'))
    assert.equal((await runRow(id)).actor_id, user.id)
    await asSystem(tenant, () =>
      current
        .get()
        .client.table('tenant_plugins')
        .insert({ tenant_id: tenant.id, plugin: 'ghost', enabled: false })
    )
    const refused = await asSystem(tenant, () => enqueue('ghost.work')).catch((thrown) => thrown)
    assert.equal(refused.code, 'E_PLUGIN_OFF')
    await runJob({ tenantId: tenant.id, runId: id })
    const row = await runRow(id)
    assert.equal(runs, 0)
    assert.equal(row.state, 'cancelled')
    assert.include(row.error, 'ghost')
  })
})

test.group('The login of the queue', () => {
  test('have no right in the schema of the data', async ({ assert }) => {
    const client = new pg.Client({ connectionString: env.get('QUEUE_DATABASE_URL') })
    await client.connect()
    try {
      const { rows } = await client.query(
        `select current_user as login, has_schema_privilege('public', 'usage') as usage,
           has_schema_privilege('public', 'create') as "create",
           has_schema_privilege('bullmq', 'usage') as queue,
           (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')
              and has_table_privilege(c.oid, 'select, insert, update, delete')) as tables`
      )
      assert.deepEqual(rows[0], {
        login: 'hi_jobs',
        usage: false,
        create: false,
        queue: true,
        tables: 0,
      })
      const denied = await client.query('select * from public.job_runs').catch((thrown) => thrown)
      assert.equal(denied.code, '42501')
    } finally {
      await client.end()
    }
  })

  test('keep its rights when the schema is prepared again', async ({ assert }) => {
    const { migrateQueueSchema } = await import('#services/queue_schema')
    const queue = await queueOf(QUEUES.jobs)
    await migrateQueueSchema(env.get('DATABASE_OWNER_URL')!)
    assert.isNumber((await queue.getJobCounts('waiting')).waiting)
  })
})
