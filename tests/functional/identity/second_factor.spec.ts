import encryption from '@adonisjs/core/services/encryption'
import { test } from '@japa/runner'
import { TOTP } from 'otpauth'
import type User from '#models/user'
import { makeUser } from '#tests/helpers'
import { accountEvents, forgetFailures, login, mailsTo, PASSWORD, Visitor } from './visitor.js'

/**
 * The code of the step to come: later than the one `enrol` used, and still taken when a step ends
 * between asking for it and sending it.
 */
async function codeOf(user: User, offset = 1) {
  await user.refresh()
  const secret = encryption.decrypt<string>(user.totpSecret!, 'totp')!
  return new TOTP({ secret }).generate({ timestamp: Date.now() + offset * 30_000 })
}

/** Through the pages, as a person does it. Returns the recovery codes. */
async function enrol(user: User) {
  const visitor = await Visitor.signedIn(user)
  const { text } = await visitor.visit('/account/totp')
  const secret = /class="mono">([A-Z2-7 ]+)</.exec(text)![1]!.replaceAll(' ', '')
  // The present step, not the one before: that one would be two steps old when a step ends here.
  const code = new TOTP({ secret }).generate()
  const answer = await visitor.submit('/account/totp', { code, password: PASSWORD })
  return {
    codes: [...answer.text.matchAll(/<li>([a-z0-9-]{19})<\/li>/g)].map(([, one]) => one!),
    visitor,
  }
}

async function passPassword(user: User) {
  const visitor = new Visitor()
  const answer = await visitor.submit('/sign-in', { email: user.email, password: PASSWORD })
  return { visitor, answer }
}

test.group('Second factor', (group) => {
  group.each.setup(async () => {
    await forgetFailures()
  })

  test('switch on with a right code and the password, and keep the secret closed', async ({
    assert,
  }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = await Visitor.signedIn(user)
    const wrong = await visitor.submit('/account/totp', { code: '000000', password: PASSWORD })
    assert.equal(wrong.status, 302)
    assert.match((await visitor.visit('/account/totp')).text, /id="f-code-error"/)
    const { codes } = await enrol(user)
    assert.lengthOf(new Set(codes), 10)
    await user.refresh()
    assert.isNotNull(user.totpEnabledAt)
    assert.notMatch(user.totpSecret!, /^[A-Z2-7]+$/)
    const rows = await login().from('recovery_codes').where('user_id', user.id)
    for (const row of rows) assert.notInclude(codes, row.code_hash)
    assert.includeMembers(await accountEvents(user.id), [
      'core.totp.enabled',
      'core.recovery_codes.made',
    ])
    assert.equal((await mailsTo(user.email))[0]!.subject, 'The second factor is on')
  })

  test('not switch on without the password', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const visitor = await Visitor.signedIn(user)
    const { text } = await visitor.visit('/account/totp')
    const secret = /class="mono">([A-Z2-7 ]+)</.exec(text)![1]!.replaceAll(' ', '')
    await visitor.submit('/account/totp', { code: new TOTP({ secret }).generate(), password: 'no' })
    await user.refresh()
    assert.isNull(user.totpEnabledAt)
  })

  test('give no rights before the code, and all after it', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await enrol(user)
    const { visitor, answer } = await passPassword(user)
    assert.equal(answer.location, '/sign-in/code')
    assert.equal((await visitor.visit('/account/security')).location, '/sign-in')
    const done = await visitor.submit('/sign-in/code', { code: await codeOf(user) })
    assert.equal(done.location, '/account/security')
    assert.equal((await visitor.visit('/account')).status, 200)
  })

  test('take each code once, also of many at the same time', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await enrol(user)
    const code = await codeOf(user)
    const visitors = await Promise.all([1, 2, 3].map(() => passPassword(user)))
    const answers = await Promise.all(
      visitors.map(({ visitor }) => visitor.submit('/sign-in/code', { code }))
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [302, 422, 422])
    const { visitor } = await passPassword(user)
    const again = await visitor.submit('/sign-in/code', { code })
    assert.equal(again.status, 422)
    assert.include(again.text, 'The code is wrong or was used before.')
    const earlier = await visitor.submit('/sign-in/code', { code: await codeOf(user, 0) })
    assert.equal(earlier.status, 422)
  })

  test('take each recovery code once', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const { codes } = await enrol(user)
    const enter = async (code: string) => {
      const { visitor } = await passPassword(user)
      return visitor.submit('/sign-in/code', { code })
    }
    assert.equal((await enter(codes[0]!.toUpperCase().replaceAll('-', ' '))).location, '/')
    assert.equal((await enter(codes[0]!)).status, 422)
    assert.equal((await enter(codes[1]!)).location, '/')
    assert.include(await accountEvents(user.id), 'core.recovery_code.used')
    assert.equal((await mailsTo(user.email))[0]!.subject, 'A recovery code was used')
  })

  test('count wrong codes like wrong passwords', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await enrol(user)
    const { visitor } = await passPassword(user)
    for (let n = 0; n < 5; n++) {
      assert.equal((await visitor.submit('/sign-in/code', { code: '000000' })).status, 422)
    }
    const right = await visitor.submit('/sign-in/code', { code: await codeOf(user) })
    assert.equal(right.status, 429)
    const password = await new Visitor().submit('/sign-in', {
      email: user.email,
      password: PASSWORD,
    })
    assert.equal(password.status, 429)
  })

  test('forget who is half signed in after five minutes', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    await enrol(user)
    const { visitor } = await passPassword(user)
    const early = `jsonb_set(data, '{pendingSignIn,at}', to_jsonb((data->'pendingSignIn'->>'at')::bigint - 301000))`
    await login()
      .from('sessions')
      .whereRaw(`data->'pendingSignIn'->>'userId' = ?`, [user.id])
      .update({ data: login().raw(early) })
    const answer = await visitor.visit('/sign-in/code')
    assert.equal(answer.location, '/sign-in')
  })

  test('switch off with the password only; old recovery codes die', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const { visitor } = await enrol(user)
    await visitor.submit('/account/security', { password: 'wrong' }, '/account/totp/end')
    await user.refresh()
    assert.isNotNull(user.totpEnabledAt)
    await visitor.submit('/account/security', { password: PASSWORD }, '/account/totp/end')
    await user.refresh()
    assert.isNull(user.totpSecret)
    assert.lengthOf(await login().from('recovery_codes').where('user_id', user.id), 0)
    assert.include(await accountEvents(user.id), 'core.totp.disabled')
  })

  test('make new recovery codes instead of the old', async ({ assert }) => {
    const user = await makeUser({ password: PASSWORD })
    const { visitor, codes } = await enrol(user)
    const path = '/account/recovery-codes'
    const answer = await visitor.submit('/account/security', { password: PASSWORD }, path)
    assert.equal(answer.status, 200)
    assert.notInclude(answer.text, codes[0]!)
    const half = await passPassword(user)
    assert.equal((await half.visitor.submit('/sign-in/code', { code: codes[0]! })).status, 422)
  })
})
