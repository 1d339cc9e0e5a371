import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import { TenantCommand } from '#core/command'
import { current } from '#core/current'
import { enqueue } from '#core/jobs'
import { newId } from '#core/ids'
import { asSystem, makeTenant } from '#tests/helpers'
import { addJob, runRow } from './fixtures.js'

/** What was written where meanwhile. */
async function capture(work: () => Promise<unknown>) {
  const streams = { stdout: '', stderr: '' }
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write }
  for (const key of ['stdout', 'stderr'] as const) {
    process[key].write = ((text: string) => {
      streams[key] += text
      return true
    }) as never
  }
  try {
    await work()
    return streams
  } finally {
    process.stdout.write = kept.stdout
    process.stderr.write = kept.stderr
  }
}

/** Runs a command in this process. */
async function atConsole(name: string, args: string[]) {
  let exitCode = 0
  const streams = await capture(async () => {
    exitCode = (await ace.exec(name, args)).exitCode ?? 0
  })
  return { ...streams, exitCode }
}

test.group('Commands of jobs', (group) => {
  group.each.setup(() => addJob('core.test_console', async () => null))

  test('list runs as JSON alone on stdout, and as lines', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await asSystem(tenant, () => enqueue('core.test_console'))
    const json = await atConsole('jobs:list', ['--tenant', tenant.slug, '--json'])
    assert.equal(json.exitCode, 0, json.stderr)
    const [run, ...others] = JSON.parse(json.stdout)
    assert.lengthOf(others, 0)
    assert.deepInclude(run, { id, job: 'core.test_console', state: 'queued' })
    const lines = await atConsole('jobs:list', ['--tenant', tenant.slug])
    assert.include(lines.stdout, id)
    const none = await atConsole('jobs:list', [
      '--tenant',
      tenant.slug,
      '--state',
      'done',
      '--json',
    ])
    assert.equal(none.stdout, '[]\n')
  })

  test('retry a failed run, and refuse one that is not', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await asSystem(tenant, () => enqueue('core.test_console'))
    const retry = () => atConsole('jobs:retry', [id, '--tenant', tenant.slug, '--json'])
    const early = await retry()
    assert.equal(early.exitCode, 1)
    assert.equal(early.stdout, '')
    assert.include(early.stderr, 'not in a state')
    await asSystem(tenant, () =>
      current.get().client.from('job_runs').where('id', id).update({ state: 'failed' })
    )
    const good = await retry()
    assert.equal(good.exitCode, 0, good.stderr)
    assert.deepEqual(JSON.parse(good.stdout), { id, job: 'core.test_console', state: 'queued' })
    assert.equal((await runRow(id)).state, 'queued')
  })

  test('refuse what cannot be: tenant, run, state, role', async ({ assert }) => {
    const [tenant, other] = [await makeTenant(), await makeTenant()]
    const foreign = await asSystem(other, () => enqueue('core.test_console'))
    for (const [name, args] of [
      ['jobs:list', ['--tenant', 'nobody-here']],
      ['jobs:list', ['--tenant', tenant.slug, '--state', 'sleeping']],
      ['jobs:retry', [foreign, '--tenant', tenant.slug]],
      ['jobs:retry', [newId(), '--tenant', tenant.slug]],
      ['jobs:retry', ['nonsense', '--tenant', tenant.slug]],
    ] as const) {
      const answer = await atConsole(name, [...args])
      assert.equal(answer.exitCode, 1, `${name} ${args.join(' ')}`)
      assert.equal(answer.stdout, '')
      assert.isNotEmpty(answer.stderr)
    }
    await asSystem(tenant, () =>
      current.get().client.table('role_permissions').insert({
        tenant_id: tenant.id,
        role: 'mining_site_owner',
        permission: 'core.job.view',
        granted: false,
      })
    )
    const denied = await atConsole('jobs:list', ['--tenant', tenant.slug, '--json'])
    assert.equal(denied.exitCode, 1)
    assert.include(denied.stderr, 'core.job.view')
  })

  test('refuse a command of a plugin that the tenant switched off', async ({ assert }) => {
    const tenant = await makeTenant()
    await asSystem(tenant, () =>
      current
        .get()
        .client.table('tenant_plugins')
        .insert({ tenant_id: tenant.id, plugin: 'ghost', enabled: false })
    )
    class GhostWalk extends TenantCommand {
      static commandName = 'ghost:walk'
      static permission = 'ghost.house.view'
      async inTenant() {
        this.say('walked')
      }
    }
    const command = await ace.create(GhostWalk, ['--tenant', tenant.slug])
    const answer = await capture(() => command.exec())
    assert.equal(command.exitCode, 1)
    assert.equal(answer.stdout, '')
    assert.include(answer.stderr, 'switched off')
  })
})
