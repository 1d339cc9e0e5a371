import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeMember, makeTenant } from '#tests/helpers'
import { company, get, post } from './support.js'

const read = (tenant: { id: string }, id: string) =>
  asSystem(tenant, () => current.get().client.from('memberships').where('id', id).first())
const allow = (tenant: { id: string }, role: string, permission: string) =>
  asSystem(tenant, () =>
    current
      .get()
      .client.table('role_permissions')
      .insert({ tenant_id: tenant.id, role, permission, granted: true })
  )

test.group('Memberships', () => {
  test('leave a permanent membership permanent when it is extended', async ({ client, assert }) => {
    const { tenant, owner, operator } = await company()
    const url = `/users/${operator.membershipId}/extension`
    ;(await post(client, url, owner.user, { days: 30 })).assertStatus(302)
    assert.isNull((await read(tenant, operator.membershipId)).valid_until)
  })

  test('extend a limited membership from its end', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const owner = await makeMember(tenant, 'mining_site_owner')
    const validUntil = new Date(Date.now() + 5 * 86_400_000)
    const { membershipId } = await makeMember(tenant, 'operator', { validUntil })
    ;(
      await post(client, `/users/${membershipId}/extension`, owner.user, { days: 30 })
    ).assertStatus(302)
    const row = await read(tenant, membershipId)
    assert.equal(row.valid_until.getTime(), validUntil.getTime() + 30 * 86_400_000)
  })

  test('refuse a role above the own, and touching somebody above', async ({ client, assert }) => {
    const { tenant, owner, operator, client: hosted } = await company()
    for (const key of ['core.user.edit', 'core.user.view', 'core.user.invite'])
      await allow(tenant, 'operator', key)
    const grant = { role: 'mining_site_owner' }
    ;(await post(client, `/users/${hosted.membershipId}`, operator.user, grant)).assertStatus(403)
    ;(await post(client, `/users/${owner.membershipId}/suspension`, operator.user)).assertStatus(
      403
    )
    ;(await post(client, `/users/${owner.membershipId}/ending`, operator.user)).assertStatus(403)
    const invited = await post(client, '/users/invitations', operator.user, {
      ...grant,
      email: 'x@example.com',
    })
    invited.assertStatus(403)
    assert.equal((await read(tenant, hosted.membershipId)).role, 'client')
  })

  test('keep the last lasting owner', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const owner = await makeMember(tenant, 'mining_site_owner')
    const limited = await makeMember(tenant, 'mining_site_owner', {
      validUntil: new Date(Date.now() + 9e8),
    })
    for (const act of ['suspension', 'ending']) {
      ;(await post(client, `/users/${owner.membershipId}/${act}`, limited.user)).assertStatus(409)
    }
    ;(
      await post(client, `/users/${owner.membershipId}`, limited.user, { role: 'operator' })
    ).assertStatus(409)
    ;(await post(client, `/users/${owner.membershipId}/ending`, owner.user)).assertStatus(409)
    const row = await read(tenant, owner.membershipId)
    assert.deepEqual(
      [row.role, row.valid_until, row.suspended_at],
      ['mining_site_owner', null, null]
    )
  })

  test('let one of two owners who end each other at once remain', async ({ client, assert }) => {
    const { tenant, owner, second } = await company()
    const [one, two] = await Promise.all([
      post(client, `/users/${second.membershipId}/ending`, owner.user),
      post(client, `/users/${owner.membershipId}/ending`, second.user),
    ])
    assert.include([one.status(), two.status()], 302)
    const rows = [await read(tenant, owner.membershipId), await read(tenant, second.membershipId)]
    assert.lengthOf(
      rows.filter((row) => row.valid_until === null),
      1
    )
  })

  test('suspend, resume, end and take the ending back', async ({ client, assert }) => {
    const { tenant, owner, operator } = await company()
    const act = (name: string) =>
      post(client, `/users/${operator.membershipId}/${name}`, owner.user)
    ;(await act('suspension')).assertStatus(302)
    ;(await get(client, '/sites', operator.user)).assertStatus(403)
    ;(await act('suspension')).assertStatus(409)
    ;(await act('resumption')).assertStatus(302)
    ;(await act('ending')).assertStatus(302)
    ;(await get(client, '/sites', operator.user)).assertStatus(403)
    ;(await act('reinstatement')).assertStatus(302)
    assert.isNull((await read(tenant, operator.membershipId)).valid_until)
    ;(await get(client, '/sites', operator.user)).assertStatus(200)
  })

  test('store an invitation as a hash and refuse a second one', async ({ client, assert }) => {
    const { tenant, owner, siteId } = await company()
    const body = { email: 'new@example.com', role: 'operator', siteIds: siteId }
    ;(await post(client, '/users/invitations', owner.user, body)).assertStatus(302)
    ;(await post(client, '/users/invitations', owner.user, body)).assertStatus(302)
    const list = () => asSystem(tenant, () => current.get().client.from('invitations'))
    const [row, ...more] = await list()
    assert.lengthOf(more, 0)
    assert.lengthOf(row.token_hash, 32)
    assert.deepEqual(row.site_ids, [siteId])
    ;(await post(client, `/users/invitations/${row.id}/sending`, owner.user)).assertStatus(302)
    const [again] = await list()
    assert.isFalse(row.token_hash.equals(again.token_hash))
    ;(await post(client, `/users/invitations/${row.id}/revocation`, owner.user)).assertStatus(302)
    ;(await post(client, `/users/invitations/${row.id}/sending`, owner.user)).assertStatus(409)
  })

  test('ask for the customer of a client, and refuse one of another company', async ({
    client,
    assert,
  }) => {
    const mine = await company()
    const other = await company()
    for (const customerId of ['', other.customerId]) {
      const body = { email: 'c@example.com', role: 'client', customerId }
      ;(await post(client, '/users/invitations', mine.owner.user, body)).assertStatus(302)
    }
    const rows = await asSystem(mine.tenant, () => current.get().client.from('invitations'))
    assert.lengthOf(rows, 0)
  })
})

test.group('Roles and plugins', () => {
  test('give and take a permission, and put it back', async ({ client }) => {
    const { owner, operator } = await company()
    const decide = (granted: boolean, permission = 'core.customer.view') =>
      post(client, '/roles/operator/permissions', owner.user, { permission, granted })
    ;(await decide(false)).assertStatus(302)
    ;(await get(client, '/customers', operator.user)).assertStatus(403)
    ;(await post(client, '/roles/operator/reset', owner.user)).assertStatus(302)
    ;(await get(client, '/customers', operator.user)).assertStatus(200)
  })

  test('refuse what locks out, what staff hold, and what the actor does not hold', async ({
    client,
  }) => {
    const { tenant, owner, operator } = await company()
    const decide = (user: typeof owner.user, role: string, permission: string, granted: boolean) =>
      post(client, `/roles/${role}/permissions`, user, { permission, granted })
    ;(await decide(owner.user, 'mining_site_owner', 'core.role.edit', false)).assertStatus(409)
    ;(await decide(owner.user, 'operator', 'core.platform.edit', true)).assertStatus(404)
    ;(await decide(owner.user, 'owner', 'core.site.view', false)).assertStatus(404)
    ;(await decide(operator.user, 'client', 'core.site.view', true)).assertStatus(403)
    await allow(tenant, 'operator', 'core.role.edit')
    ;(await decide(operator.user, 'client', 'core.audit.view', true)).assertStatus(403)
    ;(await decide(operator.user, 'mining_site_owner', 'core.site.view', false)).assertStatus(403)
    ;(await decide(operator.user, 'client', 'core.site.view', true)).assertStatus(302)
  })

  test('hide pages and navigation of a plugin that is off', async ({ client, assert }) => {
    const { owner, operator } = await company()
    assert.include((await get(client, '/', operator.user)).text(), 'href="/market')
    ;(await post(client, '/plugins/market/deactivation', operator.user)).assertStatus(403)
    ;(await post(client, '/plugins/market/deactivation', owner.user)).assertStatus(302)
    assert.notInclude((await get(client, '/', operator.user)).text(), 'href="/market')
    ;(await get(client, '/market', operator.user)).assertStatus(404)
    ;(await post(client, '/plugins/market/activation', owner.user)).assertStatus(302)
    assert.include((await get(client, '/', operator.user)).text(), 'href="/market')
    ;(await post(client, '/plugins/core/deactivation', owner.user)).assertStatus(404)
  })
})
