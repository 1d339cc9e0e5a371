import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeMember, makeTenant } from '#tests/helpers'
import { company, get, missing, platform, post } from './support.js'

const TENANT_PAGES = [
  '/sites/create',
  '/customers/create',
  '/users',
  '/users/invitations',
  '/users/invitations/create',
  '/plugins',
  '/plugins/market',
  '/settings',
  '/audit',
]

test.group('Admin pages', () => {
  test('open to a mining site owner, closed to operator, client and guest: {$self}')
    .with(TENANT_PAGES)
    .run(async ({ client, assert }, url) => {
      const { owner, operator, client: hosted } = await company()
      const opened = await get(client, url, owner.user)
      opened.assertStatus(200)
      assert.notInclude(opened.text(), 'translation missing')
      ;(await get(client, url, operator.user)).assertStatus(403)
      ;(await get(client, url, hosted.user)).assertStatus(403)
      const guest = await client.get(url).redirects(0)
      guest.assertStatus(302)
      guest.assertHeader('location', '/sign-in')
    })

  test('show sites, customers and roles to an operator but not to a client', async ({ client }) => {
    const { operator, client: hosted } = await company()
    for (const url of ['/sites', '/customers', '/roles']) {
      ;(await get(client, url, operator.user)).assertStatus(200)
      ;(await get(client, url, hosted.user)).assertStatus(403)
    }
  })

  test('answer a foreign record exactly like one that never was', async ({ client, assert }) => {
    const mine = await company()
    const other = await company()
    const pairs = [
      ['/sites/', other.siteId],
      ['/customers/', other.customerId],
      ['/users/', other.owner.membershipId],
    ]
    const auditId = await asSystem(other.tenant, async () => {
      const { track } = await import('#core/events')
      return track({ type: 'x', id: 'y' }, 'core.tenant.changed', { slug: 'a' })
    })
    pairs.push(['/audit/', auditId])
    for (const [path, id] of pairs) {
      const bodies = []
      for (const one of [id, missing(), 'no-id']) {
        const response = await get(client, path! + one, mine.owner.user)
        response.assertStatus(404)
        bodies.push(
          response
            .text()
            .replace(/csrf-token" content="[^"]*"|nonce="[^"]*"|value="[^"]{20,}"/g, '')
        )
      }
      assert.equal(bodies[0], bodies[1])
      assert.equal(bodies[1], bodies[2])
    }
  })

  test('change nothing of another company', async ({ client, assert }) => {
    const mine = await company()
    const other = await company()
    for (const url of [
      `/sites/${other.siteId}/archival`,
      `/customers/${other.customerId}/archival`,
      `/users/${other.operator.membershipId}/suspension`,
      `/users/${other.operator.membershipId}/ending`,
    ]) {
      ;(await post(client, url, mine.owner.user)).assertStatus(404)
    }
    await asSystem(other.tenant, async () => {
      const site = await current.get().client.from('sites').where('id', other.siteId).first()
      assert.isNull(site.archived_at)
    })
  })

  test('edit one site and leave the others alone', async ({ client, assert }) => {
    const { tenant, owner, siteId } = await company()
    const body = {
      code: 'A1',
      name: '=cmd',
      timeZone: 'Europe/Oslo',
      country: 'no',
      capacityKw: '12.5',
    }
    ;(await post(client, '/sites', owner.user, body)).assertStatus(302)
    ;(
      await post(client, `/sites/${siteId}`, owner.user, { ...body, code: 'B1', name: 'New' })
    ).assertStatus(302)
    await asSystem(tenant, async () => {
      const rows = await current.get().client.from('sites').orderBy('code')
      assert.deepEqual(
        rows.map((row) => [row.code, row.name]),
        [
          ['A1', '=cmd'],
          ['B1', 'New'],
        ]
      )
      const [event] = await current
        .get()
        .client.from('audit_events')
        .where({ name: 'core.site.changed' })
      assert.equal(event.subject_id, siteId)
      assert.equal(event.payload.changes.name[1], 'New')
    })
    const csv = await get(client, '/sites?format=csv', owner.user)
    assert.include(csv.text(), `'=cmd`)
    const taken = await post(client, `/sites/${siteId}`, owner.user, { ...body, code: 'A1' })
    taken.assertStatus(302)
    await asSystem(tenant, async () => {
      const row = await current.get().client.from('sites').where('id', siteId).first()
      assert.equal(row.code, 'B1')
    })
  })

  test('archive and undo a site, a customer and a zone', async ({ client, assert }) => {
    const { tenant, owner, siteId, customerId } = await company()
    ;(
      await post(client, `/sites/${siteId}/zones`, owner.user, { code: 'Z', name: 'Zone' })
    ).assertStatus(302)
    const zone = await asSystem(tenant, () => current.get().client.from('zones').first())
    for (const [table, id] of [
      ['sites', siteId],
      ['customers', customerId],
      ['zones', zone.id],
    ]) {
      const read = () =>
        asSystem(tenant, () => current.get().client.from(table!).where('id', id).first())
      ;(await post(client, `/${table}/${id}/archival`, owner.user)).assertStatus(302)
      assert.isNotNull((await read()).archived_at)
      ;(await post(client, `/${table}/${id}/restoration`, owner.user)).assertStatus(302)
      assert.isNull((await read()).archived_at)
    }
  })

  test('hide archived records until somebody asks for them', async ({ client, assert }) => {
    const { owner, siteId } = await company()
    ;(await post(client, `/sites/${siteId}/archival`, owner.user)).assertStatus(302)
    const has = async (url: string) =>
      (await get(client, url, owner.user)).text().includes(`/sites/${siteId}`)
    assert.isFalse(await has('/sites'))
    assert.isTrue(await has('/sites?state=archived'))
    assert.isTrue(await has('/sites?state=all'))
  })

  test('search, sort and page in the database', async ({ client, assert }) => {
    const { tenant, owner } = await company()
    await asSystem(tenant, async () => {
      for (const name of ['50% off', '500 off', 'a_b', 'axb']) {
        const { makeCustomer } = await import('#tests/helpers')
        await makeCustomer(name)
      }
    })
    const percent = await get(client, '/customers?q=50%25', owner.user)
    assert.include(percent.text(), '50% off')
    assert.notInclude(percent.text(), '500 off')
    const under = await get(client, '/customers?q=a_b', owner.user)
    assert.notInclude(under.text(), 'axb')
    const sorted = (await get(client, '/customers?sort=name&dir=desc&size=10', owner.user)).text()
    assert.isBelow(sorted.indexOf('axb'), sorted.indexOf('a_b'))
    ;(await get(client, '/customers?sort=password', owner.user)).assertStatus(400)
  })

  test('keep a saved view to the person who saved it', async ({ client, assert }) => {
    const { tenant, owner, second } = await company()
    const body = { table: 'core.sites', name: 'Mine only', search: 'q=abc', path: '/sites' }
    ;(await post(client, '/views', owner.user, body)).assertStatus(302)
    assert.include((await get(client, '/sites', owner.user)).text(), 'Mine only')
    assert.notInclude((await get(client, '/sites', second.user)).text(), 'Mine only')
    const view = await asSystem(tenant, () => current.get().client.from('saved_views').first())
    ;(await post(client, `/views/${view.id}/removal`, second.user)).assertStatus(404)
    ;(await post(client, '/views', owner.user, { ...body, path: '//evil.example' })).assertStatus(
      302
    )
    ;(await post(client, `/views/${view.id}/removal`, owner.user)).assertStatus(302)
  })

  test('find in the palette only what the actor may open', async ({ client, assert }) => {
    const { operator, client: hosted, siteId, tenant } = await company()
    const site = await asSystem(tenant, () =>
      current.get().client.from('sites').where('id', siteId).first()
    )
    const url = `/palette?q=${site.name.slice(0, 8)}`
    assert.include((await get(client, url, operator.user)).text(), `/sites/${siteId}`)
    assert.notInclude((await get(client, url, hosted.user)).text(), `/sites/${siteId}`)
    assert.notInclude((await get(client, '/palette?q=', hosted.user)).text(), '/audit')
  })

  test('switch from one site to another', async ({ client, assert }) => {
    const { tenant, owner, siteId } = await company()
    const { makeSite } = await import('#tests/helpers')
    const otherId = await asSystem(tenant, () => makeSite('Other yard'))
    const response = await client.get('/sites').loginAs(owner.user).withSession({ siteId })
    assert.include(response.text(), otherId)
    assert.notInclude(response.text(), `/sites/${otherId}`)
    const switched = await client
      .post('/switch/site')
      .loginAs(owner.user)
      .withSession({ siteId })
      .withCsrfToken()
      .redirects(0)
      .form({ siteId: otherId })
    switched.assertStatus(302)
    const refused = await client
      .post('/sites')
      .loginAs(owner.user)
      .withSession({ siteId })
      .withCsrfToken()
      .redirects(0)
      .form({ code: 'X', name: 'X', timeZone: 'UTC' })
    refused.assertStatus(409)
  })

  test('let platform staff run companies and see none of their data', async ({
    client,
    assert,
  }) => {
    const admin = await platform('admin')
    const { tenant, owner, siteId } = await company()
    ;(await get(client, `/tenants/${tenant.id}`, admin)).assertStatus(200)
    ;(await get(client, `/sites/${siteId}`, admin)).assertStatus(403)
    ;(await get(client, '/tenants', owner.user)).assertStatus(403)
    ;(await post(client, `/tenants/${tenant.id}/suspension`, admin)).assertStatus(302)
    ;(await get(client, '/sites', owner.user)).assertStatus(403)
    ;(await post(client, `/tenants/${tenant.id}/resumption`, admin)).assertStatus(302)
    ;(await get(client, '/sites', owner.user)).assertStatus(200)
    const slug = `new-${tenant.slug}`
    const made = await post(client, '/tenants', admin, {
      name: 'New',
      slug,
      currency: 'EUR',
      ownerEmail: 'o@example.com',
    })
    made.assertStatus(302)
    const id = made.header('location')!.split('/').at(-1)!
    const invitation = await asSystem({ id }, () =>
      current.get().client.from('invitations').first()
    )
    assert.equal(invitation.role, 'mining_site_owner')
    ;(await post(client, `/tenants/${missing()}/suspension`, admin)).assertStatus(404)
  })

  test('let only a platform owner make staff', async ({ client, assert }) => {
    const [boss, admin] = [await platform('owner'), await platform('admin')]
    const { user } = await makeMember(await makeTenant(), 'operator')
    const body = { email: user.email, role: 'owner' }
    ;(await post(client, '/staff', admin, body)).assertStatus(403)
    ;(await post(client, '/staff', boss, body)).assertStatus(302)
    await user.refresh()
    assert.equal(user.platformRole, 'owner')
    ;(await post(client, `/staff/${user.id}/removal`, boss)).assertStatus(302)
    ;(await post(client, `/staff/${boss.id}/removal`, boss)).assertStatus(409)
    await user.refresh()
    assert.isNull(user.platformRole)
  })
})
