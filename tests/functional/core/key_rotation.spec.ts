import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configProvider } from '@adonisjs/core'
import { drivers, Encryption } from '@adonisjs/core/encryption'
import app from '@adonisjs/core/services/app'
import encryption from '@adonisjs/core/services/encryption'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { rotateKey } from '#services/key_rotation'
import { TOTP_PURPOSE } from '#services/totp'
import env from '#start/env'
import { makeUser } from '#tests/helpers'

const file = join(env.get('PORTAL_HOME'), 'app.key')

test.group('A new application key', (group) => {
  group.each.setup(() => {
    writeFileSync(file, env.get('APP_KEY').release())
    return async () => {
      await db.connection('login').from('users').update({ totp_secret: null })
      for (const name of [file, `${file}.previous`]) rmSync(name, { force: true })
    }
  })

  test('close every second factor with the new key and keep the old one readable', async ({
    assert,
  }) => {
    const user = await makeUser()
    await db
      .connection('login')
      .from('users')
      .where('id', user.id)
      .update({ totp_secret: encryption.encrypt('JBSWY3DPEHPK3PXP', { purpose: TOTP_PURPOSE }) })
    assert.deepEqual(await rotateKey(), { factors: 1, pluginSecrets: 0 })
    const key = readFileSync(file, 'utf8')
    assert.notEqual(key, env.get('APP_KEY').release())
    assert.equal(readFileSync(`${file}.previous`, 'utf8'), env.get('APP_KEY').release())
    const { totpSecret } = await user.refresh()
    const settings = drivers.aes256gcm({ id: 'portal', keys: [key] })
    const fresh = new Encryption((await configProvider.resolve(app, settings)) as never)
    assert.equal(fresh.decrypt(totpSecret!, TOTP_PURPOSE), 'JBSWY3DPEHPK3PXP')
    assert.isNull(encryption.decrypt(totpSecret!, TOTP_PURPOSE))
  })

  test('refuse to go on when a factor cannot be opened', async ({ assert }) => {
    const user = await makeUser()
    await db.connection('login').from('users').where('id', user.id).update({ totp_secret: 'x' })
    await assert.rejects(() => rotateKey(), /cannot be opened/)
  })
})
