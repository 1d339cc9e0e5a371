import { test } from '@japa/runner'
import { makeUser, unique } from '#tests/helpers'
import {
  accountEvents,
  forgetFailures,
  linkTo,
  login,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  Visitor,
} from './visitor.js'

const ask = (email: string) => new Visitor().submit('/forgot-password', { email })
const tokenless = (html: string) =>
  html.replace(/(value|content|nonce)=(['"])[^'"]{16,}\2/g, '').replace(/[?&]t=\d+/g, '')

test.group('Forgotten passwords', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('answer the same whether the address is known or not', async ({ assert }) => {
    const user = await makeUser()
    const known = await ask(user.email)
    const unknown = await ask(`${unique('nobody')}@example.com`)
    assert.equal(known.status, 200)
    assert.equal(unknown.status, 200)
    assert.equal(tokenless(known.text), tokenless(unknown.text))
    assert.lengthOf(await mailsTo(user.email), 1)
  })

  test('set a new password by the link, sign in with it and end all sessions', async ({
    assert,
  }) => {
    const user = await makeUser({ password: PASSWORD })
    const elsewhere = await Visitor.signedIn(user)
    await ask(user.email)
    const link = await linkTo(user.email)
    const visitor = new Visitor()
    const answer = await visitor.submit(link, { newPassword: OTHER_PASSWORD })
    assert.equal(answer.location, '/sign-in')
    assert.equal((await elsewhere.visit('/account')).location, '/sign-in')
    const signIn = (password: string) =>
      new Visitor().submit('/sign-in', { email: user.email, password })
    assert.equal((await signIn(PASSWORD)).status, 422)
    assert.equal((await signIn(OTHER_PASSWORD)).location, '/')
    assert.includeMembers(await accountEvents(user.id), [
      'core.password.reset_asked',
      'core.password.changed',
    ])
    assert.equal((await mailsTo(user.email))[0]!.subject, 'Your password was changed')
  })

  test('open the door to its owner whom failures had made wait', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const signIn = (password: string) =>
      new Visitor().submit('/sign-in', { email: user.email, password })
    for (let n = 0; n < 5; n++) await signIn('wrong')
    assert.equal((await signIn(PASSWORD)).status, 429)
    await ask(user.email)
    await new Visitor().submit(await linkTo(user.email), { newPassword: OTHER_PASSWORD })
    assert.equal((await signIn(OTHER_PASSWORD)).location, '/')
  })

  test('take a link once, also when it comes twice at once', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await ask(user.email)
    const link = await linkTo(user.email)
    const visitors = [new Visitor(), new Visitor()]
    const answers = await Promise.all(
      visitors.map((visitor) => visitor.submit(link, { newPassword: OTHER_PASSWORD }))
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [302, 410])
    assert.equal((await new Visitor().visit(link)).status, 410)
  })

  test('refuse a link that is an hour old, replaced or made up', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await ask(user.email)
    const first = await linkTo(user.email)
    await ask(user.email)
    const second = await linkTo(user.email)
    assert.equal((await new Visitor().visit(first)).status, 410)
    assert.equal((await new Visitor().visit(second)).status, 200)
    const row = login().from('one_time_tokens').where('user_id', user.id)
    await row.update({ expires_at: new Date(Date.now() - 1000) })
    const late = await new Visitor().visit(second)
    const made = await new Visitor().visit('/reset-password/nonsense')
    assert.equal(late.status, 410)
    assert.equal(tokenless(late.text), tokenless(made.text))
  })

  test('not take a link for one thing as a link for another', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await ask(user.email)
    const token = (await linkTo(user.email)).split('/').at(-1)
    assert.equal((await new Visitor().visit(`/verify-email/${token}`)).status, 410)
  })

  test('refuse a poor password beside its field and keep the link alive')
    .with([
      ['short', 'Use at least 12 characters.'],
      ['x7'.repeat(65), 'Use at most 128 characters.'],
      ['123456qwerty', 'This password is on the list that attackers try first.'],
      ['aaaaaaaaaaaaaaa', 'This is too easy to guess.'],
    ] as const)
    .run(async ({ assert }, [newPassword, message]) => {
      const user = await makeUser({ password: PASSWORD })
      await ask(user.email)
      const link = await linkTo(user.email)
      const visitor = new Visitor()
      const { location } = await visitor.submit(link, { newPassword })
      assert.equal(new URL(location!, 'http://x').pathname, link)
      const { text } = await visitor.visit(link)
      assert.match(
        text,
        new RegExp(`id="f-newPassword-error"[^]*${message.replaceAll('.', '\\.')}`)
      )
      assert.notInclude(text, newPassword)
    })

  test('mail nothing to a suspended person', async ({ assert }) => {
    const user = await makeUser()
    await login().from('users').where('id', user.id).update({ suspended_at: new Date() })
    assert.equal((await ask(user.email)).status, 200)
    assert.lengthOf(await mailsTo(user.email), 0)
  })

  test('make a flood of requests wait, for known and unknown alike', async ({ assert }) => {
    for (const { email } of [await makeUser(), { email: `${unique('nobody')}@example.com` }]) {
      for (let n = 0; n < 5; n++) assert.equal((await ask(email)).status, 200)
      assert.equal((await ask(email)).status, 429)
    }
  })

  test('write in the language of the person')
    .with([
      ['en', 'Set a new password', 'Hello Test Person,'],
      ['zh', '设置新密码', 'Test Person，您好：'],
    ] as const)
    .run(async ({ assert }, [locale, subject, greeting]) => {
      const user = await makeUser({ locale })
      await ask(user.email)
      const [mail] = await mailsTo(user.email)
      assert.equal(mail!.subject, subject)
      assert.include(mail!.text, greeting)
      assert.include(mail!.html, greeting)
      assert.include(mail!.html, `lang="${locale}"`)
      assert.include(mail!.html, '/reset-password/')
      assert.notInclude(mail!.text + mail!.html, 'translation missing')
    })

  test('escape names in the HTML of mails', async ({ assert }) => {
    const user = await makeUser({ fullName: '<img src=x>' })
    await ask(user.email)
    const [mail] = await mailsTo(user.email)
    assert.notInclude(mail!.html, '<img')
  })
})

test.group('E-mail verification', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('confirm the address by a click on the page behind the link, once', async ({ assert }) => {
    const user = await makeUser()
    await login().from('users').where('id', user.id).update({ email_verified_at: null })
    const visitor = await Visitor.signedIn(user)
    assert.include((await visitor.visit('/account')).text, 'Your e-mail address is not confirmed.')
    await visitor.submit('/account', {}, '/account/verification')
    const link = await linkTo(user.email)
    await visitor.visit(link)
    await user.refresh()
    assert.isNull(user.emailVerifiedAt)
    await new Visitor().submit(link, {})
    await user.refresh()
    assert.isNotNull(user.emailVerifiedAt)
    assert.equal((await visitor.visit(link)).status, 410)
    assert.include(await accountEvents(user.id), 'core.email.verified')
  })
})

test.group('Stored mails', () => {
  test('are for who runs the platform', async ({ assert }) => {
    const admin = await Visitor.signedIn(await makeUser({ platformRole: 'owner' }))
    const user = await makeUser()
    await ask(user.email)
    const [mail] = await mailsTo(user.email)
    const { text } = await admin.visit('/mail')
    assert.include(text, user.email)
    const one = await admin.visit(`/mail/${mail!.id}`)
    assert.include(one.text, '/reset-password/')
    assert.equal((await admin.visit('/mail/nonsense')).status, 404)
    assert.equal((await (await Visitor.signedIn(user)).visit('/mail')).status, 403)
    assert.equal((await new Visitor().visit('/mail')).location, '/sign-in')
  })
})
