import { setTimeout as pause } from 'node:timers/promises'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import core from '#core/core'
import { current } from '#core/current'
import { on, type TrackedEvent } from '#core/events'
import { newId } from '#core/ids'
import { registerFor } from '#core/reactions'
import { dispatchOutbox, drainOutbox, reviveEvent } from '#services/outbox'
import { startDispatcher } from '#services/outbox_dispatcher'
import { asSystem, makeTenant, type TestTenant } from '#tests/helpers'
import { until } from './fixtures.js'

/** Something harmless that happens. */
const happen = () => core.track({ type: 'tests', id: newId() }, 'setting.changed', { plugin: 'x' })
const NAME = 'core.setting.changed'

const outboxOf = (tenant: TestTenant) =>
  db.connection('login').from('outbox').where('tenant_id', tenant.id)

/** Makes what waits for its next try due at once. */
const hurry = (tenant: TestTenant) =>
  outboxOf(tenant)
    .whereNull('dead_at')
    .update({ next_attempt_at: new Date(0) })

interface Writing {
  writers: number
  rounds: number
}

/** Transactions side by side, of which about a third roll back. Answers the events that committed. */
async function writeAtRandom(tenant: TestTenant, { writers, rounds }: Writing) {
  const committed: string[] = []
  const write = async (writer: number) => {
    for (let round = 0; round < rounds; round++) {
      const isKept = (writer * 7 + round * 3) % 10 > 2
      const ids = await asSystem(tenant, async () => {
        const made = [await happen(), await happen()]
        await pause(Math.random() * 15)
        if (!isKept) current.abandon()
        return made
      })
      if (isKept) committed.push(...ids)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  return committed
}

test.group('The outbox', (group) => {
  group.tap((one) => one.tags(['@queue']))

  test('deliver each committed event exactly once, and none that rolled back', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const heard: string[] = []
    cleanup(on(NAME, (event) => void (event.tenantId === tenant.id && heard.push(event.id))))
    const dispatchers = [startDispatcher(), startDispatcher()]
    cleanup(async () => void (await Promise.all(dispatchers.map((one) => one.stop()))))
    const committed = await writeAtRandom(tenant, { writers: 8, rounds: 15 })
    await until(async () => !(await outboxOf(tenant).first()), 'the outbox is empty')
    assert.isAbove(committed.length, 100)
    assert.isBelow(committed.length, 240)
    assert.deepEqual([...heard].sort(), [...committed].sort())
  })

  test('lose rows when a reader only remembers the last id (positive control)', async ({
    assert,
  }) => {
    const tenant = await makeTenant()
    const seen = new Set<string>()
    let last = '00000000-0000-0000-0000-000000000000'
    let isWriting = true
    const read = async () => {
      const rows = await outboxOf(tenant).where('event_id', '>', last).orderBy('event_id')
      for (const row of rows) seen.add((last = row.event_id))
    }
    const reading = (async () => {
      while (isWriting) await read()
    })()
    const committed = await writeAtRandom(tenant, { writers: 8, rounds: 15 })
    isWriting = false
    await reading
    await read()
    assert.isBelow(committed.filter((id) => seen.has(id)).length, committed.length)
  })

  test('keep the order of a tenant', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    const heard: string[] = []
    cleanup(on(NAME, (event) => void (event.tenantId === tenant.id && heard.push(event.id))))
    const written: string[] = []
    for (let step = 0; step < 45; step++) written.push(await asSystem(tenant, happen))
    const filter = { tenantId: tenant.id }
    await Promise.all([drainOutbox(filter), drainOutbox(filter), drainOutbox(filter)])
    assert.deepEqual(heard, written)
  })

  test('wait for an older transaction that may still commit', async ({ assert, cleanup }) => {
    const tenant = await makeTenant()
    const heard: string[] = []
    cleanup(on(NAME, (event) => void (event.tenantId === tenant.id && heard.push(event.id))))
    let older = ''
    let newer = ''
    await asSystem(tenant, async () => {
      older = await happen()
      newer = await asSystem(tenant, happen)
      await dispatchOutbox({ tenantId: tenant.id })
      assert.deepEqual(heard, [])
    })
    await drainOutbox({ tenantId: tenant.id })
    assert.deepEqual(heard, [older, newer])
  })

  test('let listeners act as the system in the tenant of the event', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const seen: unknown[] = []
    cleanup(
      on(NAME, async (event: TrackedEvent) => {
        if (event.tenantId !== tenant.id) return
        const { tenantId, userId, via } = current.get()
        seen.push({ tenantId, userId, via, facts: event.facts })
      })
    )
    await asSystem(tenant, happen)
    await drainOutbox({ tenantId: tenant.id })
    assert.deepEqual(seen, [
      { tenantId: tenant.id, userId: null, via: 'system', facts: { plugin: 'x' } },
    ])
  })

  test('try a throwing listener again and again, then keep the event as dead', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    let calls = 0
    let isBroken = true
    cleanup(
      on(NAME, (event) => {
        if (event.tenantId !== tenant.id) return
        calls += 1
        if (isBroken) throw new TypeError('no listener today')
      })
    )
    const id = await asSystem(tenant, happen)
    const pauses: number[] = []
    for (let round = 0; round < 10; round++) {
      await hurry(tenant)
      await drainOutbox({ tenantId: tenant.id })
      const row = await outboxOf(tenant).firstOrFail()
      pauses.push((row.next_attempt_at.getTime() - Date.now()) / 1000)
    }
    const row = await outboxOf(tenant).firstOrFail()
    assert.equal(calls, 8)
    assert.equal(row.attempts, 8)
    assert.equal(row.last_error, 'no listener today')
    assert.isNotNull(row.dead_at)
    assert.isAbove(pauses[1]!, pauses[0]! * 1.5)
    isBroken = false
    let noted = 0
    await reviveEvent(tenant.id, id, async () => void (noted += 1))
    assert.equal(noted, 1)
    await drainOutbox({ tenantId: tenant.id })
    assert.equal(calls, 9)
    assert.lengthOf(await outboxOf(tenant), 0)
    const refused = await reviveEvent(tenant.id, id, async () => undefined).catch(
      (thrown) => thrown
    )
    assert.equal(refused.code, 'E_NOT_FOUND')
  })

  test('undo what a failed listener wrote, and keep what another one did', async ({
    assert,
    cleanup,
  }) => {
    const tenant = await makeTenant()
    const write = async (code: string) => {
      const { client } = current.get()
      await client
        .table('customers')
        .insert({ tenant_id: current.tenantId(), id: newId(), code, name: code })
    }
    const isMine = (event: TrackedEvent) => event.tenantId === tenant.id
    cleanup(
      on(NAME, async (event) => {
        if (!isMine(event)) return
        await write('UNDONE')
        throw new TypeError('after writing')
      })
    )
    cleanup(on(NAME, async (event) => void (isMine(event) && (await write('KEPT')))))
    await asSystem(tenant, happen)
    await dispatchOutbox({ tenantId: tenant.id })
    const codes = await asSystem(tenant, () =>
      current.get().client.from('customers').select('code')
    )
    assert.deepEqual(codes, [{ code: 'KEPT' }])
  })

  test('skip listeners of a plugin that the tenant switched off', async ({ assert, cleanup }) => {
    const [off, onThere] = [await makeTenant(), await makeTenant()]
    const heard: string[] = []
    registerFor('ghost', () => {
      cleanup(on(NAME, (event) => void heard.push(event.tenantId)))
    })
    await asSystem(off, async () => {
      const { client } = current.get()
      const row = { tenant_id: off.id, plugin: 'ghost', enabled: false }
      await client.table('tenant_plugins').insert(row)
      await happen()
    })
    await asSystem(onThere, happen)
    await drainOutbox({ tenantId: off.id })
    await drainOutbox({ tenantId: onThere.id })
    assert.lengthOf(await outboxOf(off), 0)
    assert.notInclude(heard, off.id)
    assert.include(heard, onThere.id)
  })
})
