import { test } from '@japa/runner'
import { current } from '#core/current'
import { newId } from '#core/ids'
import User from '#models/user'
import { newToken } from '#services/one_time_tokens'
import { asSystem, makeMember, makeTenant, makeUser, type TestTenant, unique } from '#tests/helpers'
import { accountEvents, forgetFailures, login, PASSWORD, Visitor } from './visitor.js'

/** As the people who invite do it; the link is what they mail. */
async function invite(tenant: TestTenant, email: string, more: Record<string, unknown> = {}) {
  const { token, hash } = newToken()
  const id = newId()
  await asSystem(tenant, () =>
    current
      .get()
      .client.table('invitations')
      .insert({
        tenant_id: tenant.id,
        id,
        email,
        role: 'operator',
        token_hash: hash,
        expires_at: new Date(Date.now() + 3_600_000),
        ...more,
      })
  )
  return { id, link: `/invitation/${token}` }
}

const membershipsOf = (email: string) =>
  login()
    .from('memberships as m')
    .join('users as u', 'u.id', 'm.user_id')
    .where('u.email', email)
    .select('m.*')

const address = () => `${unique('new')}@example.com`
const newPerson = { fullName: 'Nora New', newPassword: PASSWORD }

test.group('Accepting an invitation', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('let somebody new name themselves, and sign them in', async ({ assert }) => {
    const tenant = await makeTenant()
    const email = address()
    const { link } = await invite(tenant, email)
    const visitor = new Visitor('zh-CN')
    const answer = await visitor.submit(link, newPerson)
    assert.equal(answer.location, '/')
    const user = await User.findByOrFail('email', email)
    assert.equal(user.locale, 'zh')
    assert.isNotNull(user.emailVerifiedAt)
    const [membership] = await membershipsOf(email)
    assert.equal(membership.role, 'operator')
    assert.include((await visitor.visit('/account')).text, tenant.name)
    assert.include(await accountEvents(user.id), 'core.user.registered')
    const events = await asSystem(tenant, () =>
      current.get().client.from('audit_events').where('name', 'core.membership.started')
    )
    assert.equal(events[0].actor_id, user.id)
  })

  test('refuse a poor password beside its field and make nobody', async ({ assert }) => {
    const email = address()
    const { link } = await invite(await makeTenant(), email)
    const visitor = new Visitor()
    await visitor.submit(link, { ...newPerson, newPassword: 'short' })
    assert.match((await visitor.visit(link)).text, /id="f-newPassword-error"/)
    assert.isNull(await User.findBy('email', email))
  })

  test('answer a wrong, used, revoked and expired link alike', async ({ assert }) => {
    const tenant = await makeTenant()
    const used = await invite(tenant, address(), { accepted_at: new Date() })
    const revoked = await invite(tenant, address(), { revoked_at: new Date() })
    const expired = await invite(tenant, address(), { expires_at: new Date(Date.now() - 1000) })
    for (const link of ['/invitation/nonsense', used.link, revoked.link, expired.link]) {
      const answer = await new Visitor().visit(link)
      assert.equal(answer.status, 410)
      assert.include(answer.text, 'This link does not work')
    }
  })

  test('let one of two in who use the link at once', async ({ assert }) => {
    const email = address()
    const { link } = await invite(await makeTenant(), email)
    const visitors = [new Visitor(), new Visitor()]
    const answers = await Promise.all(visitors.map((visitor) => visitor.submit(link, newPerson)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [302, 410])
    assert.lengthOf(await membershipsOf(email), 1)
  })

  test('not take a link that was revoked while the form was open', async ({ assert }) => {
    const tenant = await makeTenant()
    const email = address()
    const { link, id } = await invite(tenant, email)
    const visitor = new Visitor()
    const { text } = await visitor.visit(link)
    const _csrf = /name='_csrf' value='([^']+)'/.exec(text)![1]!
    await asSystem(tenant, () =>
      current.get().client.from('invitations').where('id', id).update({ revoked_at: new Date() })
    )
    assert.equal((await visitor.post(link, { _csrf, ...newPerson })).status, 410)
    assert.isNull(await User.findBy('email', email))
  })

  test('ask a known person to sign in, then to confirm', async ({ assert }) => {
    const tenant = await makeTenant()
    const user = await makeUser({ password: PASSWORD })
    const { link } = await invite(tenant, user.email.toUpperCase())
    const visitor = new Visitor()
    const page = await visitor.visit(link)
    assert.notInclude(page.text, 'newPassword')
    const forced = await visitor.post(link, {
      _csrf: (await visitor.visit('/sign-in')).text.match(/_csrf' value='([^']+)/)![1]!,
      ...newPerson,
    })
    assert.equal(forced.status, 403)
    const signedIn = await visitor.submit('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal(signedIn.location, link)
    assert.lengthOf(await membershipsOf(user.email), 0)
    assert.equal((await visitor.submit(link, {})).location, '/')
    assert.lengthOf(await membershipsOf(user.email), 1)
    assert.equal((await visitor.visit(link)).status, 410)
  })

  test('not give the place to somebody else who is signed in', async ({ assert }) => {
    const email = address()
    const { link } = await invite(await makeTenant(), email)
    const other = await Visitor.signedIn(await makeUser())
    assert.include((await other.visit(link)).text, 'You are signed in as')
    assert.equal((await other.submit(link, newPerson)).status, 403)
    assert.isNull(await User.findBy('email', email))
  })

  test('not undo a suspension that came after the invitation', async ({ assert }) => {
    const tenant = await makeTenant()
    const { user, membershipId } = await makeMember(tenant, 'operator')
    const { link } = await invite(tenant, user.email)
    await asSystem(tenant, () =>
      current
        .get()
        .client.from('memberships')
        .where('id', membershipId)
        .update({ suspended_at: new Date(), updated_at: new Date() })
    )
    const visitor = await Visitor.signedIn(user)
    assert.equal((await visitor.submit(link, {})).status, 410)
    const [membership] = await membershipsOf(user.email)
    assert.isNotNull(membership.suspended_at)
  })
})
