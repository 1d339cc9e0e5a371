import { test } from '@japa/runner'
import vine from '@vinejs/vine'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { defineInstallationJob, defineJob } from '#core/jobs'
import { registerJob } from '#services/jobs_catalog'
import { runInstallationJob } from '#services/jobs_installation'
import { QUEUES, queueOf } from '#services/queue'
import { allSchedules, type NamedSchedule, syncSchedules, tick } from '#services/schedules'
import { asSystem, makeTenant, unique } from '#tests/helpers'
import { startTestWorker, until } from './fixtures.js'

const fresh = () => unique('tick').replace('-', '_')
const runsOf = (job: string) => db.connection('login').from('job_runs').where('job', job)
const installationRuns = (job: string) =>
  db.connection('login').from('installation_runs').where('job', job).orderBy('tick_at')

const addCounter = (name: string, count: () => void) =>
  registerJob(name, defineJob({ payload: vine.object({}), run: async () => count() }))

const scheduleOf = (name: string, more: Partial<NamedSchedule> = {}): NamedSchedule => ({
  name,
  job: name.split('.')[1]!,
  everyMs: 60_000,
  ...more,
})

test.group('Schedules', (group) => {
  group.tap((one) => one.tags(['@queue']))
  group.teardown(async () => {
    await syncSchedules([])
  })

  test('run once for a tick and tenant, whoever hears it', async ({ assert, cleanup }) => {
    const [here, off] = [await makeTenant(), await makeTenant()]
    const name = `ghost.${fresh()}`
    cleanup(addCounter(name, () => undefined))
    await asSystem(off, async () => {
      const row = { tenant_id: off.id, plugin: 'ghost', enabled: false }
      await current.get().client.table('tenant_plugins').insert(row)
    })
    const at = new Date('2026-11-24T00:00:00Z')
    await Promise.all(Array.from({ length: 5 }, () => tick(scheduleOf(name), at)))
    assert.lengthOf(await runsOf(name).where('tenant_id', here.id), 1)
    assert.lengthOf(await runsOf(name).where('tenant_id', off.id), 0)
  })

  test('start no second run while the one before waits, and the next one after', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const name = `core.${fresh()}`
    cleanup(addCounter(name, () => undefined))
    const mine = () => runsOf(name).where('tenant_id', tenant.id)
    await tick(scheduleOf(name), new Date('2026-11-24T00:00:00Z'))
    await tick(scheduleOf(name), new Date('2026-11-24T00:01:00Z'))
    assert.lengthOf(await mine(), 1)
    await asSystem(tenant, () =>
      current.get().client.from('job_runs').where('job', name).update({ state: 'done' })
    )
    await tick(scheduleOf(name), new Date('2026-11-24T00:02:00Z'))
    assert.lengthOf(await mine(), 2)
  })

  test('tick once a turn with two workers', async ({ assert, cleanup }) => {
    const name = `core.${fresh()}`
    const ticks: number[] = []
    cleanup(
      registerJob(
        name,
        defineInstallationJob({ run: async ({ tickAt }) => void ticks.push(tickAt.getTime()) })
      )
    )
    const everyMs = 250
    const schedules = [scheduleOf(name, { everyMs, scope: 'installation' })]
    await Promise.all([
      startTestWorker({ cleanup }, { schedules }),
      startTestWorker({ cleanup }, { schedules }),
    ])
    await until(() => ticks.length >= 6, 'six ticks')
    const sorted = [...ticks].sort((a, b) => a - b)
    assert.equal(new Set(sorted).size, sorted.length)
    for (const at of sorted) assert.equal(at % everyMs, 0)
    const rows = await installationRuns(name)
    assert.isAtLeast(rows.length, 6)
  })

  test('tick again after the queue lost its memory', async ({ assert, cleanup }) => {
    const name = `core.${fresh()}`
    let count = 0
    cleanup(registerJob(name, defineInstallationJob({ run: async () => ++count })))
    const schedules = [scheduleOf(name, { everyMs: 200, scope: 'installation' })]
    const worker = await startTestWorker({ cleanup }, { schedules })
    await until(() => count > 0, 'the first tick')
    const queue = await queueOf(QUEUES.schedule)
    await queue.pause()
    await queue.obliterate({ force: true })
    await queue.resume()
    const before = count
    await worker.upkeep()
    await until(() => count > before + 1, 'ticks after the loss')
    assert.isAbove(count, before)
  })

  test('forget schedules that are gone and follow a changed one', async ({ assert }) => {
    const [kept, gone] = [`core.${fresh()}`, `core.${fresh()}`]
    await syncSchedules([scheduleOf(kept), scheduleOf(gone)])
    await syncSchedules([scheduleOf(kept, { everyMs: undefined, cron: '15 3 * * *' })])
    const queue = await queueOf(QUEUES.schedule)
    const known = await queue.getJobSchedulers(0, -1)
    assert.deepEqual(
      known.map(({ key, pattern }) => ({ key, pattern })),
      [{ key: kept, pattern: '15 3 * * *' }]
    )
    assert.equal(new Date(known[0]!.next!).getUTCHours(), 3)
  })

  test('keep the last result of a job of the installation, good or bad', async ({
    assert,
    cleanup,
  }) => {
    const name = `core.${fresh()}`
    let isBroken = false
    cleanup(
      registerJob(
        name,
        defineInstallationJob({
          run: async () => {
            if (isBroken) throw new TypeError('the disk is full')
            return { swept: 3 }
          },
        })
      )
    )
    assert.isTrue(await runInstallationJob(name, new Date('2026-11-24T00:00:00Z')))
    assert.isFalse(await runInstallationJob(name, new Date('2026-11-24T00:00:00Z')))
    isBroken = true
    assert.isTrue(await runInstallationJob(name, new Date('2026-11-24T00:01:00Z')))
    const rows = await installationRuns(name)
    assert.deepEqual(
      rows.map(({ state, result, error }) => ({ state, result, error })),
      [
        { state: 'done', result: { swept: 3 }, error: null },
        { state: 'failed', result: null, error: 'the disk is full' },
      ]
    )
  })

  test('sweep what ended: every job of the core runs', async ({ assert }) => {
    const login = db.connection('login')
    const old = new Date(Date.now() - 3 * 86_400_000)
    const key = unique('throttle')
    await login.table('sign_in_throttles').insert({ key, failures: 2, last_failure_at: old })
    await login
      .table('sessions')
      .insert({ id_hash: Buffer.from(key), data: '{}', created_at: old, last_seen_at: old })
    const names = (await allSchedules()).map(({ name }) => name)
    for (const name of ['core.sweep_jobs', 'core.sweep_outbox', 'core.sweep_sign_in']) {
      assert.include(names, name)
      const tickAt = new Date()
      assert.isTrue(await runInstallationJob(name, tickAt))
      // A worker that another test killed may have left a run of its own.
      const runs = await installationRuns(name)
      const mine = runs.find(({ tick_at: at }) => +at === +tickAt)
      assert.equal(mine?.state, 'done', mine?.error)
    }
    assert.isNull(await login.from('sign_in_throttles').where('key', key).first())
    assert.isNull(await login.from('sessions').where('id_hash', Buffer.from(key)).first())
  })
})
