import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { makeUser } from '#tests/helpers'
import { accountEvents, login, OTHER_PASSWORD, Visitor } from './visitor.js'

async function run(args: string[]) {
  ace.ui.switchMode('raw')
  const command = await ace.exec('user:reset', args)
  const lines = command.logger.getLogs().map(({ message }) => message)
  command.logger.getRenderer?.()
  ace.ui.switchMode('normal')
  return { exitCode: command.exitCode ?? 0, output: lines.join('\n') }
}

test.group('user:reset', () => {
  test('print a link that works once, and write it down', async ({ assert }) => {
    const user = await makeUser()
    const { exitCode, output } = await run(['--email', user.email])
    assert.equal(exitCode, 0)
    const link = /\/reset-password\/\S+/.exec(output)![0]
    const answer = await new Visitor().submit(link, { newPassword: OTHER_PASSWORD })
    assert.equal(answer.location, '/sign-in')
    assert.equal((await new Visitor().visit(link)).status, 410)
    const [row] = await login().from('account_events').where('subject_id', user.id).orderBy('xid')
    assert.equal(row.name, 'core.password.reset_asked')
    assert.equal(row.via, 'console')
  })

  test('turn the second factor off when asked to', async ({ assert }) => {
    const user = await makeUser()
    const on = { totp_secret: 'x', totp_enabled_at: new Date() }
    await login().from('users').where('id', user.id).update(on)
    await run(['--email', user.email])
    await user.refresh()
    assert.isNotNull(user.totpEnabledAt)
    await run(['--email', user.email, '--totp'])
    await user.refresh()
    assert.isNull(user.totpEnabledAt)
    assert.isNull(user.totpSecret)
    assert.include(await accountEvents(user.id), 'core.totp.disabled')
  })

  test('refuse an address that nobody has', async ({ assert }) => {
    const { exitCode, output } = await run(['--email', 'nobody@nowhere.example'])
    assert.equal(exitCode, 1)
    assert.notInclude(output, '/reset-password/')
  })
})
