import { test } from '@japa/runner'
import { inTenant } from '#tests/functional/api/helpers'
import { asSystem, makeCustomer, makeMember, makeTenant } from '#tests/helpers'
import { post, QUESTION, save } from '../support/scenarios.js'

const eventsOf = async (tenant: { id: string }) => {
  const rows = await inTenant(tenant, (trx) =>
    trx.from('audit_events').where('tenant_id', tenant.id).orderBy('id').select('name', 'payload')
  )
  return rows.filter(({ name }) => name.startsWith('calculator.'))
}

test.group('Scenarios', () => {
  test('keep a question with the answer of the moment, and list it with the one of now', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator', { fullName: 'Ada Operator' })
    const id = await save(client, user, { name: 'Golden fleet', note: 'for the board' })
    const [row] = await inTenant(tenant, (trx) =>
      trx.from('calculator_scenarios').where({ tenant_id: tenant.id, id })
    )
    assert.deepEqual(row.query, QUESTION)
    // Golden: 10,290.91 revenue − 4,260.00 electricity.
    assert.equal(String(row.profit_cents), '603091')
    assert.isNull(row.customer_id)
    assert.equal(row.answer.day.sources.btcUsd.source, 'typed')
    const list = await client.get('/calculator/scenarios').loginAs(user)
    list.assertStatus(200)
    for (const text of ['Golden fleet', 'Ada Operator', '$6,030.91']) list.assertTextIncludes(text)
    const page = await client.get(`/calculator/scenarios/${id}`).loginAs(user)
    page.assertStatus(200)
    for (const text of ['for the board', '$6,030.91', '$41,396']) page.assertTextIncludes(text)
  })
})
