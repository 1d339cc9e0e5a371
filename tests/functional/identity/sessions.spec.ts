import { test } from '@japa/runner'
import { makeUser } from '#tests/helpers'
import {
  accountEvents,
  forgetFailures,
  login,
  OTHER_PASSWORD,
  PASSWORD,
  Visitor,
} from './visitor.js'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)

test.group('Sessions', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('end after half an hour without a click', async ({ assert }) => {
    const user = await makeUser()
    const visitor = await Visitor.signedIn(user)
    const row = () => login().from('sessions').where('user_id', user.id)
    await row().update({ last_seen_at: ago(29) })
    assert.equal((await visitor.visit('/account')).status, 200)
    await row().update({ last_seen_at: ago(31) })
    assert.equal((await visitor.visit('/account')).location, '/sign-in')
  })

  test('end after twelve hours in any case, and let the same browser begin anew', async ({
    assert,
  }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = await Visitor.signedIn(user)
    await login()
      .from('sessions')
      .where('user_id', user.id)
      .update({ created_at: ago(721) })
    assert.equal((await visitor.visit('/account')).location, '/sign-in')
    const answer = await visitor.submit('/sign-in', { email: user.email, password: PASSWORD })
    assert.equal(answer.location, '/account')
    assert.equal((await visitor.visit('/account')).status, 200)
  })

  test('list the browser and the network of each, and end one', async ({ assert }) => {
    const user = await makeUser()
    const [here, there] = [await Visitor.signedIn(user), await Visitor.signedIn(user)]
    const { text } = await here.visit('/account/sessions')
    const [, id] = /sessions\/([0-9a-f]{64})\/end/.exec(text)!
    const answer = await here.submit('/account/sessions', {}, `/account/sessions/${id}/end`)
    assert.equal(answer.location, '/account/sessions')
    assert.equal((await there.visit('/account')).location, '/sign-in')
    assert.equal((await here.visit('/account')).status, 200)
    assert.deepEqual(await accountEvents(user.id), ['core.session.ended'])
  })

  test('not end the session of somebody else, nor a made-up one', async ({ assert }) => {
    const [user, other] = [await makeUser(), await makeUser()]
    const [mine, theirs] = [await Visitor.signedIn(user), await Visitor.signedIn(other)]
    const row = await login().from('sessions').where('user_id', other.id).first()
    for (const id of [row.id_hash.toString('hex'), 'f'.repeat(64), 'x']) {
      const answer = await mine.submit('/account/sessions', {}, `/account/sessions/${id}/end`)
      assert.equal(answer.status, 404)
    }
    assert.equal((await theirs.visit('/account')).status, 200)
  })

  test('sign out everywhere', async ({ assert }) => {
    const user = await makeUser()
    const [here, there] = [await Visitor.signedIn(user), await Visitor.signedIn(user)]
    const answer = await here.submit('/account/sessions', {}, '/account/sessions/end')
    assert.equal(answer.location, '/sign-in')
    for (const visitor of [here, there]) {
      assert.equal((await visitor.visit('/account')).location, '/sign-in')
    }
    assert.include(await accountEvents(user.id), 'core.sessions.ended')
  })

  test('stay ended when a request of theirs was still running', async ({ assert }) => {
    const { PortalSessionStore } = await import('#services/session_store')
    const user = await makeUser()
    const id = 'session-that-is-still-at-work'
    await new PortalSessionStore(null).write(id, { auth_web: user.id })
    const store = new PortalSessionStore(null)
    assert.isNotNull(await store.read(id))
    await login().from('sessions').where('user_id', user.id).delete()
    await store.write(id, { auth_web: user.id, more: true })
    assert.isNull(await new PortalSessionStore(null).read(id))
  })

  test('sign out here only', async ({ assert }) => {
    const user = await makeUser()
    const [here, there] = [await Visitor.signedIn(user), await Visitor.signedIn(user)]
    const before = here.cookies.get('hi_session')!
    await here.submit('/account', {}, '/sign-out')
    const thief = new Visitor()
    thief.cookies.set('hi_session', before)
    assert.equal((await thief.visit('/account')).location, '/sign-in')
    assert.equal((await there.visit('/account')).status, 200)
  })

  test('change the password: ask for the present one, end other sessions, send a notice', async ({
    assert,
  }) => {
    const { mailsTo } = await import('./visitor.js')
    const user = await makeUser({ password: PASSWORD })
    const [here, there] = [await Visitor.signedIn(user), await Visitor.signedIn(user)]
    const change = (password: string) =>
      here.submit(
        '/account/security',
        { password, newPassword: OTHER_PASSWORD },
        '/account/password'
      )
    await change('wrong')
    assert.include(
      (await here.visit('/account/security')).text,
      'This is not your present password.'
    )
    assert.equal((await there.visit('/account')).status, 200)
    const before = here.cookies.get('hi_session')
    assert.equal((await change(PASSWORD)).location, '/account/security')
    assert.notEqual(here.cookies.get('hi_session'), before)
    assert.equal((await there.visit('/account')).location, '/sign-in')
    assert.equal((await here.visit('/account')).status, 200)
    const mails = await mailsTo(user.email)
    assert.equal(mails[0]!.subject, 'Your password was changed')
    assert.include(await accountEvents(user.id), 'core.password.changed')
    const answer = await new Visitor().submit('/sign-in', {
      email: user.email,
      password: OTHER_PASSWORD,
    })
    assert.equal(answer.location, '/')
  })

  test('make guesses at the present password wait like sign-ins', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const here = await Visitor.signedIn(user)
    const fields = { password: 'wrong', newPassword: OTHER_PASSWORD }
    for (let n = 0; n < 5; n++) await here.submit('/account/security', fields, '/account/password')
    const answer = await here.submit('/account/security', fields, '/account/password')
    assert.equal(answer.status, 429)
  })

  test('keep what the person chose about figures and language', async ({ assert }) => {
    const user = await makeUser()
    const here = await Visitor.signedIn(user)
    const wish = { fullName: 'Ada', timeZone: 'Asia/Shanghai', currency: 'CNY', locale: 'zh' }
    await here.submit('/account', wish)
    await user.refresh()
    assert.equal(user.timeZone, 'Asia/Shanghai')
    assert.equal(user.currency, 'CNY')
    assert.include((await here.visit('/account')).text, '个人资料')
    assert.include(await accountEvents(user.id), 'core.user.changed')
    await here.submit('/account', { ...wish, timeZone: 'Moon/Base' })
    assert.match((await here.visit('/account')).text, /id="f-timeZone-error"/)
  })

  test('show a person only their own history', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await new Visitor().submit('/sign-in', { email: user.email, password: 'wrong' })
    const mine = await Visitor.signedIn(user)
    assert.include((await mine.visit('/account/sign-ins')).text, 'Wrong password')
    const other = await Visitor.signedIn(await makeUser())
    assert.include((await other.visit('/account/sign-ins')).text, 'No attempts yet')
  })

  test('ask a guest to sign in before any page of the account', async ({ assert }) => {
    for (const page of ['', '/security', '/totp', '/sessions', '/sign-ins']) {
      assert.equal((await new Visitor().visit(`/account${page}`)).location, '/sign-in')
    }
  })
})
