import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current } from '#core/current'
import User from '#models/user'
import { asSystem, unique } from '#tests/helpers'
import { login, mailsTo, PASSWORD, Visitor } from './visitor.js'

/** No test keeps people for another one, so an installation can be made empty again. */
const emptyInstallation = () => db.connection('owner').rawQuery('truncate users cascade')

const form = () => ({
  tenantName: `北极 ${unique('Polar')}`,
  fullName: 'Frida First',
  email: `${unique('first')}@example.com`,
  newPassword: PASSWORD,
  timeZone: 'Europe/Oslo',
})

test.group('Set-up', (group) => {
  group.each.setup(async () => {
    await emptyInstallation()
  })

  test('lead the first visitor to it, and make them owner of platform and company', async ({
    assert,
  }) => {
    const visitor = new Visitor()
    assert.equal((await visitor.visit('/')).location, '/setup')
    assert.equal((await visitor.visit('/sign-in')).location, '/setup')
    const wish = form()
    assert.equal((await visitor.submit('/setup', wish)).location, '/')
    const user = await User.findByOrFail('email', wish.email)
    assert.equal(user.platformRole, 'owner')
    assert.equal(user.timeZone, 'Europe/Oslo')
    const membership = await login().from('memberships').where('user_id', user.id).first()
    assert.equal(membership.role, 'mining_site_owner')
    const tenant = await login().from('tenants').where('id', membership.tenant_id).first()
    assert.equal(tenant.name, wish.tenantName)
    const names = await asSystem(tenant, () =>
      current.get().client.from('audit_events').select('name')
    )
    assert.sameMembers(
      names.map(({ name }) => name),
      ['core.tenant.created', 'core.membership.started']
    )
    assert.include((await visitor.visit('/account')).text, tenant.name)
    assert.lengthOf(await mailsTo(wish.email), 1)
  })

  test('close once somebody is there', async ({ assert }) => {
    const visitor = new Visitor()
    const late = new Visitor()
    const { text } = await late.visit('/setup')
    const _csrf = /name='_csrf' value='([^']+)'/.exec(text)![1]!
    await visitor.submit('/setup', form())
    assert.equal((await new Visitor().visit('/setup')).status, 404)
    assert.equal((await late.post('/setup', { _csrf, ...form() })).status, 404)
    assert.lengthOf(await login().from('users'), 1)
    assert.notEqual((await new Visitor().visit('/')).location, '/setup')
  })

  test('let one of five win who come at once', async ({ assert }) => {
    const tenants = await login().from('tenants').count('* as n').first()
    const visitors = Array.from({ length: 5 }, () => new Visitor())
    const pages = await Promise.all(visitors.map((visitor) => visitor.visit('/setup')))
    const answers = await Promise.all(
      visitors.map((visitor, n) => {
        const _csrf = /name='_csrf' value='([^']+)'/.exec(pages[n]!.text)![1]!
        return visitor.post('/setup', { _csrf, ...form() })
      })
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [302, 404, 404, 404, 404])
    assert.lengthOf(await login().from('users'), 1)
    const after = await login().from('tenants').count('* as n').first()
    assert.equal(Number(after.n), Number(tenants.n) + 1)
  })

  test('refuse a password about the company beside its field', async ({ assert }) => {
    const visitor = new Visitor()
    await visitor.submit('/setup', {
      ...form(),
      tenantName: 'Aurora Mining',
      newPassword: 'auroramining2026',
    })
    const { text } = await visitor.visit('/setup')
    assert.match(text, /id="f-newPassword-error"[^]*too easy to guess/)
    assert.include(text, 'Aurora Mining')
    assert.lengthOf(await login().from('users'), 0)
  })
})
