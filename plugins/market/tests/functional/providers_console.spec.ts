import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { configProvider } from '@adonisjs/core'
import { drivers, Encryption } from '@adonisjs/core/encryption'
import ace from '@adonisjs/core/services/ace'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import { rotateKey } from '#services/key_rotation'
import env from '#start/env'
import { coinwarz } from '../../providers/coinwarz.js'
import { setKey } from '../../services/provider_changes.js'
import { feedNamed, KEY_PURPOSE, keyOf } from '../../services/provider_state.js'
import { forgetAll } from '../support/provider_server.js'
import { order, DEFAULT_ORDER, lastEvent, server, begin } from './providers_setup.js'

/** What was written to stdout meanwhile. */
async function atConsole(name: string, words: string[]) {
  let out = ''
  const { write } = process.stdout
  process.stdout.write = ((part: string) => ((out += part), true)) as typeof write
  try {
    const { exitCode } = await ace.exec(name, words)
    return { exitCode, answer: out ? JSON.parse(out) : null }
  } finally {
    process.stdout.write = write
  }
}

test.group('Data providers at the console', (group) => {
  group.setup(() => void ace.ui.switchMode('raw'))
  group.each.setup(begin)

  test('list, change and try as the page does', async ({ assert }) => {
    const list = await atConsole('market:providers', ['--json'])
    assert.equal(list.exitCode ?? 0, 0)
    assert.deepEqual(
      list.answer.data[0].feeds.map(({ provider }: { provider: string }) => provider),
      DEFAULT_ORDER
    )
    const dry = ['okx', '--datum=price', '--move=up', '--disable', '--dry-run', '--json']
    const tried = await atConsole('market:providers', dry)
    assert.containsSubset(tried.answer, [
      { change: 'market.feed.disabled', dryRun: true },
      { change: 'market.feed.moved', dryRun: true },
    ])
    assert.deepEqual(await order(), DEFAULT_ORDER)
    assert.isTrue((await feedNamed('price', 'okx')).enabled)

    await atConsole('market:providers', ['okx', '--datum=price', '--move=up', '--json'])
    assert.equal((await order())[4], 'okx')
    assert.equal((await lastEvent()).via, 'console')
    const trial = await atConsole('market:providers', ['okx', '--datum=price', '--try', '--json'])
    assert.containsSubset(trial.answer, [{ report: { state: 'ok' } }])
  })

  test('read a key from stdin', async ({ assert, cleanup }) => {
    const { stdin } = process
    cleanup(() => void Object.defineProperty(process, 'stdin', { value: stdin }))
    Object.defineProperty(process, 'stdin', {
      value: Readable.from(['from-stdin\n']),
      configurable: true,
    })
    await atConsole('market:providers', ['coinwarz', '--key-stdin', '--json'])
    assert.equal(keyOf(await feedNamed('coins', 'coinwarz')), 'from-stdin')
    await atConsole('market:providers', ['coinwarz', '--remove-key', '--json'])
    assert.isNull((await feedNamed('coins', 'coinwarz')).keySealed)
  })

  test('refresh one datum, and say by the exit code when nothing came', async ({ assert }) => {
    const good = await atConsole('market:refresh', ['fees', '--json'])
    assert.equal(good.exitCode ?? 0, 0)
    assert.containsSubset(good.answer, [{ datum: 'fees', outcome: 'stored' }])
    server.faults.set('*', (_, response) => response.writeHead(500).end())
    const bad = await atConsole('market:refresh', ['height', '--json'])
    assert.equal(bad.exitCode, 1)
    assert.containsSubset(bad.answer, [{ datum: 'height', outcome: 'nothing' }])
    for (const words of [['weather', '--json'], []]) {
      const name = words.length > 0 ? 'market:refresh' : 'market:providers'
      const refused = await atConsole(name, words.length > 0 ? words : ['nobody', '--json'])
      assert.equal(refused.exitCode, 1)
      assert.isNull(refused.answer)
    }
  })
})

test.group('A new application key', (group) => {
  const file = join(env.get('PORTAL_HOME'), 'app.key')
  group.each.setup(() => {
    writeFileSync(file, env.get('APP_KEY').release())
    return async () => {
      await forgetAll()
      for (const name of [file, `${file}.previous`]) rmSync(name, { force: true })
    }
  })

  test('close the keys of providers too', async ({ assert }) => {
    await setKey(coinwarz, 'kept-secret')
    const before = await feedNamed('coins', 'coinwarz')
    assert.equal((await rotateKey()).pluginSecrets, 1)
    const after = await feedNamed('coins', 'coinwarz')
    assert.notEqual(after.keySealed, before.keySealed)
    assert.isNull(keyOf(after))
    const { readFileSync } = await import('node:fs')
    const settings = drivers.aes256gcm({ id: 'portal', keys: [readFileSync(file, 'utf8')] })
    const fresh = new Encryption((await configProvider.resolve(app, settings)) as never)
    assert.equal(fresh.decrypt(after.keySealed!, KEY_PURPOSE), 'kept-secret')
    assert.isNull(fresh.decrypt(after.keySealed!, 'totp'))
  })
})
