import { test } from '@japa/runner'
import { makeTenant, makeMember, makeUser, unique } from '#tests/helpers'
import { accountEvents, forgetFailures, login, PASSWORD, Visitor } from './visitor.js'

const cookieOf = (visitor: Visitor) => visitor.cookies.get('hi_session')

test.group('Signing in', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('let in who knows the password, and write it down', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = new Visitor()
    const answer = await visitor.submit('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal(answer.status, 302)
    assert.equal(answer.location, '/')
    assert.equal((await visitor.visit('/account')).status, 200)
    assert.deepEqual(await accountEvents(user.id), ['core.session.started'])
    const row = await login().from('sign_ins').where('user_id', user.id).first()
    assert.equal(row.outcome, 'signed_in')
    assert.equal(row.ip, '127.0.0.1')
  })

  test('take the address in any case and with spaces around', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const email = ` ${user.email.toUpperCase()} `
    const answer = await new Visitor().submit('/sign-in', { email, password: PASSWORD })
    assert.equal(answer.location, '/')
  })

  test('give a wrong password and an unknown address the same answer', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const email = `${unique('nobody')}@example.com`
    const wrong = await new Visitor().submit('/sign-in', { email: user.email, password: 'wrong' })
    const unknown = await new Visitor().submit('/sign-in', { email, password: 'wrong' })
    assert.equal(wrong.status, 422)
    assert.equal(unknown.status, 422)
    assert.include(wrong.text, 'E-mail or password is wrong.')
    assert.include(unknown.text, 'E-mail or password is wrong.')
    assert.include(unknown.text, email)
    assert.notInclude(wrong.text, 'value="wrong"')
  })

  test('refuse an empty password beside its field', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = new Visitor()
    const answer = await visitor.submit('/sign-in', { email: user.email, password: '' })
    assert.equal(answer.status, 302)
    const page = await visitor.visit('/sign-in')
    assert.match(page.text, /id="f-password-error"[^]*Fill this in\./)
    assert.include(page.text, user.email)
  })

  test('refuse a person without a password, and a suspended one', async ({ assert }) => {
    const bare = await makeUser()
    const suspended = await makeUser({ password: PASSWORD })
    await login().from('users').where('id', suspended.id).update({ suspended_at: new Date() })
    for (const { email } of [bare, suspended]) {
      const answer = await new Visitor().submit('/sign-in', { email, password: PASSWORD })
      assert.equal(answer.status, 422)
      assert.include(answer.text, 'E-mail or password is wrong.')
    }
  })

  test('make a failing account wait, longer each time, and let its owner in after it', async ({
    assert,
  }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = new Visitor()
    const attempt = (password: string) =>
      visitor.submit('/sign-in', { email: user.email, password })
    for (let n = 0; n < 5; n++) assert.equal((await attempt('wrong')).status, 422)
    const refused = await attempt(PASSWORD)
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    const key = { blocked_until: new Date(Date.now() - 1000) }
    await login().from('sign_in_throttles').whereLike('key', 'sign-in:account:%').update(key)
    assert.equal((await attempt('wrong')).status, 422)
    const waiting = await login().from('sign_in_throttles').whereLike('key', '%:account:%').first()
    const seconds = (waiting.blocked_until - waiting.last_failure_at) / 1000
    assert.approximately(seconds, 2, 0.1)
    await login().from('sign_in_throttles').whereLike('key', 'sign-in:account:%').update(key)
    assert.equal((await attempt(PASSWORD)).location, '/')
    assert.isNull(await login().from('sign_in_throttles').whereLike('key', '%:account:%').first())
  })

  test('never make anybody wait more than 15 minutes', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const attempt = () => new Visitor().submit('/sign-in', { email: user.email, password: 'x' })
    await attempt()
    const failures = { failures: 400 }
    await login().from('sign_in_throttles').whereLike('key', '%:account:%').update(failures)
    await attempt()
    const row = await login().from('sign_in_throttles').whereLike('key', '%:account:%').first()
    assert.approximately((row.blocked_until - row.last_failure_at) / 1000, 900, 0.1)
  })

  test('try five of twenty attempts at once and refuse the others', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitors = Array.from({ length: 20 }, () => new Visitor())
    const answers = await Promise.all(
      visitors.map((visitor) => visitor.submit('/sign-in', { email: user.email, password: 'no' }))
    )
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [...Array(5).fill(422), ...Array(15).fill(429)])
    const tried = await login().from('sign_ins').where('user_id', user.id)
    assert.lengthOf(tried, 5)
  })

  test('make a network wait that tries many accounts', async ({ assert }) => {
    const visitor = new Visitor()
    const attempt = () =>
      visitor.submit('/sign-in', { email: `${unique('spray')}@example.com`, password: 'x' })
    for (let n = 0; n < 20; n++) assert.equal((await attempt()).status, 422)
    const answer = await attempt()
    assert.equal(answer.status, 429)
    assert.include(answer.text, 'Too many attempts')
  })

  test('not let others at the network keep out who came in from it before', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const signIn = () => new Visitor().submit('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal((await signIn()).location, '/')
    const blocked = { failures: 50, blocked_until: new Date(Date.now() + 900_000) }
    await login().from('sign_in_throttles').whereLike('key', 'sign-in:network:%').update(blocked)
    assert.equal((await signIn()).location, '/')
    const stranger = await makeUser({ password: PASSWORD })
    const answer = await new Visitor().submit('/sign-in', {
      email: stranger.email,
      password: PASSWORD,
    })
    assert.equal(answer.status, 429)
  })

  test('renew session id and CSRF secret; the old id is dead', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = new Visitor()
    await visitor.visit('/sign-in')
    const before = cookieOf(visitor)
    const old = new Visitor()
    old.cookies.set('hi_session', before!)
    const page = await visitor.visit('/sign-in')
    const oldToken = /name='_csrf' value='([^']+)'/.exec(page.text)![1]!
    await visitor.post('/sign-in', { _csrf: oldToken, email: user.email, password: PASSWORD })
    assert.notEqual(cookieOf(visitor), before)
    assert.equal((await old.visit('/account')).location, '/sign-in')
    const forged = await visitor.post('/account/sessions/end', { _csrf: oldToken })
    assert.equal(forged.status, 302)
    // The way back to the form, and the session that the forged request would have ended goes on.
    assert.notEqual(forged.location, '/sign-in')
    assert.equal((await visitor.visit('/account')).status, 200)
  })

  test('go on to the page that was wanted', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = new Visitor()
    assert.equal((await visitor.visit('/account/sign-ins?x=1')).location, '/sign-in')
    const answer = await visitor.submit('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal(answer.location, '/account/sign-ins?x=1')
  })

  test('never go on to another host', async ({ assert, client }) => {
    const user = await makeUser({ password: PASSWORD })
    for (const wanted of ['//evil.example/x', 'https://evil.example', '/\\evil.example']) {
      const answer = await client
        .post('/sign-in')
        .withSession({ wanted })
        .withCsrfToken()
        .form({ email: user.email, password: PASSWORD })
        .redirects(0)
      assert.equal(answer.header('location'), '/')
    }
  })

  test('refuse a form without a CSRF token', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const answer = await new Visitor().post('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal(answer.status, 403)
  })

  test('throw out who is suspended in the middle of a session', async ({ assert }) => {
    const user = await makeUser()
    const visitor = await Visitor.signedIn(user)
    assert.equal((await visitor.visit('/account')).status, 200)
    await login().from('users').where('id', user.id).update({ suspended_at: new Date() })
    assert.equal((await visitor.visit('/account')).location, '/sign-in')
  })

  test('take a membership away that ends in the middle of a session', async ({ assert }) => {
    const tenant = await makeTenant()
    const ends = new Date(Date.now() + 3_600_000)
    const { user } = await makeMember(tenant, 'client', { validUntil: ends })
    const { validMemberships } = await import('#services/identities')
    assert.lengthOf(await validMemberships(user.id), 1)
    const visitor = await Visitor.signedIn(user)
    assert.include((await visitor.visit('/account')).text, tenant.name)
    const { asSystem } = await import('#tests/helpers')
    const { current } = await import('#core/current')
    await asSystem(tenant, () =>
      current
        .get()
        .client.from('memberships')
        .update({
          valid_until: new Date(Date.now() - 1000),
          valid_from: new Date(Date.now() - 90_000),
        })
    )
    assert.notInclude((await visitor.visit('/account')).text, tenant.name)
  })

  test('speak Chinese to who asks for it', async ({ assert }) => {
    const answer = await new Visitor('zh-CN').submit('/sign-in', {
      email: 'x@example.com',
      password: 'x',
    })
    assert.include(answer.text, '邮箱或密码错误。')
  })
})
