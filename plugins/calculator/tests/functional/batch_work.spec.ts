import { spawn } from 'node:child_process'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { sweepJobs } from '#services/jobs_sweeper'
import { fleetCsv } from '../../../../bench/support/calculator_batch.js'
import { asSystem, makeTenant, type TestTenant } from '#tests/helpers'
import { startTestWorker, until } from '#tests/functional/jobs/fixtures'
import Batch from '../../models/batch.js'
import { batchIn, makeBatch, SHARED, workerIn, workOffIn } from '../support/batches.js'
import { startBatch } from '../../services/batch_start.js'
import { workOff } from '../../services/batch_work.js'

interface Stored {
  rows: Record<string, unknown>[]
  faults: { line: number; faults: { field: string; key: string }[]; cells: string[] }[]
}

const storedIn = (tenant: TestTenant, id: string): Promise<Stored> =>
  asSystem(tenant, async () => {
    const { client } = current.get()
    const of = (table: string) =>
      client.from(table).where({ tenant_id: tenant.id, batch_id: id }).orderBy('line')
    return {
      rows: await of('calculator_batch_rows'),
      faults: await of('calculator_batch_faults'),
    } as Stored
  })

/** What two batches of the same text must have in common, whoever worked on them. */
const comparable = async (tenant: TestTenant, id: string) => {
  const { rows, faults } = await storedIn(tenant, id)
  const plain = (row: object) => ({ ...row, batch_id: null })
  const { totals, rowsPriced, rowsRefused, linesDone } = await batchIn(tenant, id)
  return {
    rows: rows.map(plain),
    faults: faults.map(plain),
    totals,
    rowsPriced,
    rowsRefused,
    linesDone,
  }
}

const settings = (tenant: TestTenant, values: object) =>
  asSystem(tenant, async () => {
    await current
      .get()
      .client.table('plugin_settings')
      .insert({
        tenant_id: tenant.id,
        plugin: 'calculator',
        values: JSON.stringify(values),
      })
  })

/** The worker of the product, as a process of its own. */
function startWorkerProcess() {
  const { DATABASE_OWNER_URL: _, ...env } = process.env
  const args = ['--import=@poppinss/ts-exec', 'bin/worker.ts']
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

const inTenant = (tenant: TestTenant, sql: string, id: string) =>
  asSystem(tenant, async () => void (await current.get().client.rawQuery(sql, [id])))

test.group('Work on a batch', () => {
  test('report each of a thousand bad rows with its reason and its cells', async ({ assert }) => {
    const tenant = await makeTenant()
    const bad = (row: number) =>
      [
        [
          `x${row}`,
          'Nothing of the kind',
          '1',
          '0.05',
          'model',
          'calculator_batch.fault.unknown_model',
        ],
        [`x${row}`, 'S21', 'many', '0.05', 'count', 'calculator_batch.fault.number'],
        [`x${row}`, 'S21', '0.5', '0.05', 'count', 'validator.shared.messages.withoutDecimals'],
        [`x${row}`, 'S21', '1', '99', 'usdPerKwh', 'validator.shared.messages.range'],
        [`x${row}`, '', '1', '0.05', 'hashrateThs', 'calculator.problem.no_hashrate'],
      ][row % 5]!
    const wanted = Array.from({ length: 1000 }, (_, row) => bad(row))
    const lines = wanted.flatMap((cells, row) => [
      cells.slice(0, 4).join(','),
      `good ${row},S21,1,0.05`,
    ])
    const id = await makeBatch(tenant, ['name,model,count,electricity', ...lines].join('\n'))
    assert.equal(await workOffIn(tenant, id), 'done')
    const { rows, faults } = await storedIn(tenant, id)
    assert.lengthOf(rows, 1000)
    assert.lengthOf(faults, 1000)
    faults.forEach((fault, index) => {
      const [name, model, count, price, field, key] = wanted[index]!
      assert.equal(fault.line, 2 + index * 2)
      assert.deepInclude(fault.faults[0]!, { field, key })
      assert.deepEqual(fault.cells, [name, model, count, price])
    })
    const batch = await batchIn(tenant, id)
    assert.deepEqual([batch.rowsPriced, batch.rowsRefused, batch.state], [1000, 1000, 'done'])
  })

  test('go on after kill -9 with neither a lost nor a double row', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    const text = fleetCsv(30_000)
    const whole = await makeBatch(tenant, text)
    assert.equal(await workOffIn(tenant, whole), 'done')

    const id = await makeBatch(tenant, text)
    const child = startWorkerProcess()
    cleanup(() => void child.kill('SIGKILL'))
    await until(async () => (await batchIn(tenant, id)).linesDone > 0, 'rows are stored', 40_000)
    child.kill('SIGKILL')
    const ended = await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    assert.equal(ended, 'SIGKILL')
    const torn = await batchIn(tenant, id)
    assert.equal(torn.state, 'running')
    assert.isAbove(torn.linesDone, 0)
    assert.isBelow(torn.linesDone, 30_000)
    const { rows } = await storedIn(tenant, id)
    assert.equal(rows.length, torn.rowsPriced)

    const silent = `update job_runs set heartbeat_at = now() - interval '2 minutes' where id = ?`
    await inTenant(tenant, silent, torn.runId!)
    await startTestWorker({ cleanup })
    await sweepJobs({ forgottenSeconds: 0 })
    await until(async () => !(await batchIn(tenant, id)).isOpen, 'the batch ends', 40_000)
    assert.deepEqual(await comparable(tenant, id), await comparable(tenant, whole))
  })
    .tags(['@queue'])
    .timeout(120_000)

  test('price what is resumed on the values of the first start', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await makeBatch(tenant, fleetCsv(3000))
    const worker = workerIn(tenant)
    let chunks = 0
    const breaking = {
      ...worker,
      progress: async () => {
        chunks += 1
        throw new TypeError('the machine went away')
      },
    }
    const error = await workOff(id, breaking).catch((thrown) => thrown)
    assert.equal(error.message, 'the machine went away')
    const torn = await batchIn(tenant, id)
    assert.equal(chunks, 1)
    assert.isAbove(torn.linesDone, 0)
    await settings(tenant, { poolFeePct: 50, overheadPct: 50, usdPerKwh: 1 })
    assert.equal(await workOffIn(tenant, id), 'done')
    const other = await makeTenant()
    const whole = await makeBatch(other, fleetCsv(3000))
    await workOffIn(other, whole)
    assert.deepEqual((await batchIn(tenant, id)).totals, (await batchIn(other, whole)).totals)
  })

  test('stop when somebody stops it, keep what is done, and go on later', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await makeBatch(tenant, fleetCsv(3000))
    const worker = workerIn(tenant)
    const stopping = {
      ...worker,
      progress: () =>
        asSystem(tenant, async () => {
          const batch = (await Batch.findOrFail(id)) as Batch
          if (batch.isOpen) await batch.cancel()
        }),
    }
    assert.equal(await workOff(id, stopping), 'stopped')
    const stopped = await batchIn(tenant, id)
    assert.equal(stopped.state, 'cancelled')
    assert.equal((await storedIn(tenant, id)).rows.length, stopped.rowsPriced)
    await asSystem(tenant, async () => startBatch((await Batch.findOrFail(id)) as Batch))
    const stale = { ...worker, runId: stopped.runId! }
    assert.equal(await workOff(id, stale), 'stopped', 'the first run has nothing to do any more')
    assert.equal(await workOffIn(tenant, id), 'done')
    assert.equal((await batchIn(tenant, id)).linesDone, 3000)
  })

  test('end when the batch was deleted meanwhile, leaving nothing', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await makeBatch(tenant, fleetCsv(3000))
    const deleting = {
      ...workerIn(tenant),
      progress: () =>
        asSystem(tenant, async () => {
          await ((await Batch.findOrFail(id)) as Batch).remove()
        }),
    }
    assert.equal(await workOff(id, deleting), 'stopped')
    const { rows, faults } = await storedIn(tenant, id)
    assert.lengthOf([...rows, ...faults], 0)
    assert.equal(await workOffIn(tenant, id), 'stopped')
  })

  test('fail with the reason when there are too many rows or the text breaks off', async ({
    assert,
  }) => {
    const tenant = await makeTenant()
    await settings(tenant, { batchMaxRows: 10 })
    const many = await makeBatch(tenant, fleetCsv(11))
    assert.equal(await workOffIn(tenant, many), 'failed')
    assert.deepInclude(pick(await batchIn(tenant, many)), {
      state: 'failed',
      failure: 'E_BATCH_TOO_MANY_ROWS',
    })
    const other = await makeTenant()
    const torn = await makeBatch(other, `${fleetCsv(50)}"never,ends\n1,2\n`)
    assert.equal(await workOffIn(other, torn), 'failed')
    const batch = await batchIn(other, torn)
    assert.deepInclude(pick(batch), { state: 'failed', failure: 'E_FILE_TEXT' })
    assert.isAbove(batch.failureLine!, 50)
  })

  test('leave a line in the audit log for each step', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await makeBatch(tenant, fleetCsv(5), SHARED)
    await workOffIn(tenant, id)
    await asSystem(tenant, async () => {
      const batch = (await Batch.findOrFail(id)) as Batch
      await batch.reopen()
      await batch.remove()
      const events = await current
        .get()
        .client.from('audit_events')
        .where({ tenant_id: tenant.id, subject_id: id })
        .orderBy('id')
      assert.deepEqual(
        events.map(({ name }) => name),
        ['uploaded', 'started', 'finished', 'reopened', 'deleted'].map(
          (verb) => `calculator.batch.${verb}`
        )
      )
    })
  })

  test('is swept when it was kept long enough, and not before', async ({ assert }) => {
    const tenant = await makeTenant()
    const [old, young] = [
      await makeBatch(tenant, fleetCsv(2)),
      await makeBatch(tenant, fleetCsv(2)),
    ]
    await workOffIn(tenant, old)
    await workOffIn(tenant, young)
    const aged = `update calculator_batches set created_at = now() - interval '91 days' where id = ?`
    await inTenant(tenant, aged, old)
    const { default: sweep } = await import('../../jobs/batch_sweep_job.js')
    const answer = await sweep.run({}, workerIn(tenant) as never)
    assert.deepEqual(answer, { deleted: 1 })
    await asSystem(tenant, async () => {
      assert.isNull(await Batch.find(old))
      assert.isNotNull(await Batch.find(young))
    })
  })
})

const pick = ({ state, failure }: Batch) => ({ state, failure })
