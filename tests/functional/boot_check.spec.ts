import { spawn } from 'node:child_process'
import { once } from 'node:events'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import env from '#start/env'
import { unsafeBecause } from '#services/boot_check'

/** Starts a process of the portal with the owner's login in the place of the app's. */
async function startAsOwner(entry: string) {
  const child = spawn(process.execPath, [...process.execArgv, entry], {
    cwd: app.makePath(),
    env: {
      ...process.env,
      DATABASE_URL: env.get('DATABASE_OWNER_URL'),
      DATABASE_OWNER_URL: '',
      NODE_ENV: 'production',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), 40_000)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return { code, output }
}

test.group('The check before the start', () => {
  test('find nothing wrong with the logins of the portal', async ({ assert }) => {
    assert.isNull(await unsafeBecause(db.connection('app')))
    assert.isNull(await unsafeBecause(db.connection('login')))
  })

  test('name the owner of the tables', async ({ assert }) => {
    const unsafe = await unsafeBecause(db.connection('owner'))
    assert.equal(unsafe?.role, 'hi_owner')
    assert.match(unsafe!.why, /^owns the table \w+$/)
  })

  test('refuse to start the {$self} process with the login of the owner')
    .with(['server', 'worker'])
    .run(async ({ assert }, entry) => {
      const { code, output } = await startAsOwner(`bin/${entry}.ts`)
      assert.equal(code, 1, output)
      assert.include(output, 'The portal does not start: its database login "hi_owner" owns the')
    })
    .timeout(60_000)
})
