import { createHash } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import core from '#core/core'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { asSystem, makeCustomer, makeTenant } from '#tests/helpers'

const sha256 = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest()

const trackOne = (facts: Record<string, unknown> = { code: 'C1', name: '北 "River"' }) =>
  core.track({ id: newId(), type: 'customers' }, 'customer.created', facts as never)

const eventsOf = (tenant: { id: string }) =>
  asSystem(tenant, async () => current.get().client.from('audit_events').select('*'))

test.group('The spine', () => {
  test('hash a leaf as the specification says', async ({ assert }) => {
    const tenant = await makeTenant()
    await asSystem(tenant, () => trackOne())
    const [row] = await eventsOf(tenant)
    // RFC 8785 by hand: keys sorted, no spaces, non-ASCII letters as they are.
    const header =
      `{"actorId":null,"id":"${row.id}","name":"core.customer.created",` +
      `"occurredAt":"${row.occurred_at.toISOString()}","requestId":null,"subjectId":"${row.subject_id}",` +
      `"subjectType":"customers","tenantId":"${tenant.id}","via":"system"}`
    const payload = '{"facts":{"code":"C1","name":"北 \\"River\\""}}'
    const expected = sha256(Buffer.of(0), header, sha256(row.salt, payload))
    assert.equal(row.leaf_hash.toString('hex'), expected.toString('hex'))
  })

  test('write no leaf for a change that rolls back, and no change without its leaf', async ({
    assert,
  }) => {
    const tenant = await makeTenant()
    await assert.rejects(() =>
      asSystem(tenant, async () => {
        await makeCustomer()
        await trackOne()
        throw new Error('no')
      })
    )
    await asSystem(tenant, async () => {
      await makeCustomer()
      await trackOne()
      current.abandon()
    })
    assert.lengthOf(await eventsOf(tenant), 0)
    const left = await asSystem(tenant, async () => current.get().client.from('customers'))
    assert.lengthOf(left, 0)
  })

  test('run what waits for the commit after it, and never after a rollback', async ({ assert }) => {
    const tenant = await makeTenant()
    const seen: string[] = []
    await asSystem(tenant, () => {
      current.afterCommit(() => void seen.push('committed'))
      assert.deepEqual(seen, [])
    })
    await asSystem(tenant, () => {
      current.afterCommit(() => void seen.push('abandoned'))
      current.abandon()
    })
    assert.deepEqual(seen, ['committed'])
  })

  test('let nobody change, delete or truncate what happened')
    .with([
      'update audit_events set name = $$x$$',
      'delete from audit_events',
      'truncate audit_events',
    ])
    .run(async ({ assert }, statement) => {
      const tenant = await makeTenant()
      await asSystem(tenant, () => trackOne())
      const asApp = asSystem(tenant, () => current.get().client.rawQuery(statement))
      await assert.rejects(() => asApp, /permission denied/)
      const owner = await db.connection('owner').transaction()
      try {
        await owner.rawQuery('alter table audit_events no force row level security')
        await assert.rejects(() => owner.rawQuery(statement), /insert-only/)
      } finally {
        await owner.rollback()
      }
      assert.lengthOf(await eventsOf(tenant), 1)
    })

  test('put every event into the outbox in the same transaction', async ({ assert }) => {
    const tenant = await makeTenant()
    const id = await asSystem(tenant, () => trackOne())
    const row = await db.connection('login').from('outbox').where('event_id', id).first()
    assert.equal(row?.tenant_id, tenant.id)
  })

  test('refuse data of tenants outside current.run, and to a guest', async ({ assert }) => {
    await assert.rejects(
      () => db.connection('app').from('customers'),
      /app\.tenant_id|invalid input syntax for type uuid/
    )
    const { guest } = await import('#services/identities')
    await assert.rejects(
      () => current.run(guest(), async () => current.get().client.from('customers')),
      /app\.tenant_id|invalid input syntax for type uuid/
    )
  })
})
