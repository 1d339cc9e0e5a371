import { test } from '@japa/runner'
import { emptyReading, type Reading } from '../protocol/record.js'
import { decrypt, toEncrypted, toKeys, v3Hash } from '../src/drivers/whatsminer/crypto.js'
import { whatsminer } from '../src/drivers/whatsminer/index.js'
import { whatsminerV3 } from '../src/drivers/whatsminer_v3/index.js'
import { ADMIN, no, LOST, withMiner } from './rpc_writes_setup.js'

test.group('Edge writes | WhatsMiner V2', () => {
  const SEED = { time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' }
  const keys = toKeys(ADMIN.password, SEED)
  const opened = (request: any) => JSON.parse(decrypt(keys.aes, request.data) ?? 'null')
  const sealed = (answer: any) => ({ enc: toEncrypted(keys, answer).data })
  const miner = (reply: (order: any) => unknown) => (request: any) =>
    request.command === 'get_token' ? { STATUS: 'S', Code: 134, Msg: SEED } : reply(request)
  const ok = { STATUS: 'S', Code: 131, Msg: 'API command OK' }

  test('send a limit as a text under the signature of the token', async ({ assert }) => {
    await withMiner(
      miner(() => sealed(ok)),
      async ({ act, seen }) => {
        const result = await act(whatsminer, { type: 'set_power_limit', watts: 3000.4 })
        assert.deepEqual(result, { accepted: true, detail: 'adjust_power_limit' })
        assert.deepEqual(opened(seen[1]), {
          cmd: 'adjust_power_limit',
          power_limit: '3000',
          token: keys.sign,
        })
      }
    )
  })

  test('name every pool, the empty ones too', async ({ assert }) => {
    await withMiner(
      miner(() => sealed(ok)),
      async ({ act, seen }) => {
        const pools = [{ url: 'stratum+tcp://p:1', user: '工人.1', password: 'x' }]
        assert.isTrue((await act(whatsminer, { type: 'set_pools', pools })).accepted)
        assert.include(opened(seen[1]), { worker1: '工人.1', passwd1: 'x', pool3: '', worker3: '' })
      }
    )
  })

  test('take a refusal inside of the encryption for a refusal', async ({ assert }) => {
    await withMiner(
      miner(() => sealed(no(132, 'API command ERROR'))),
      async ({ act }) => {
        const result = await act(whatsminer, { type: 'reboot' })
        assert.isFalse(result.accepted)
        assert.include(result.detail, '132')
      }
    )
  })

  test('say how to open an API that is closed for writes', async ({ assert }) => {
    await withMiner(
      miner(() => no(45, "can't access write cmd")),
      async ({ act }) => {
        const result = await act(whatsminer, { type: 'pause' })
        assert.isFalse(result.accepted)
        assert.include(result.detail, 'WhatsMinerTool')
        assert.notInclude(result.detail, ADMIN.password)
      }
    )
  })

  test('call a wrong password so: the miner only sees noise', async ({ assert }) => {
    await withMiner(
      miner(() => no(23, 'enc json load err')),
      async ({ act }) => {
        const result = await act(whatsminer, { type: 'pause' })
        assert.isFalse(result.accepted)
        assert.match(result.detail, /^auth: .*enc json load err/)
      }
    )
  })

  test('leave it open when the answer is lost, and send nothing twice', async ({ assert }) => {
    await withMiner(
      miner(() => LOST),
      async ({ act, seen }) => {
        const result = await act(whatsminer, { type: 'set_power_mode', mode: 'low' })
        assert.isNull(result.accepted)
        assert.lengthOf(seen, 2)
        assert.equal(opened(seen[1]).cmd, 'set_low_power')
      }
    )
  })

  test('send nothing without a token or without a password', async ({ assert }) => {
    await withMiner(
      () => ({ STATUS: 'E', Code: 136, Msg: 'over max connect' }),
      async ({ act, seen }) => {
        const result = await act(whatsminer, { type: 'reboot' })
        assert.isFalse(result.accepted)
        assert.include(result.detail, 'over max connect')
        assert.isFalse((await act(whatsminer, { type: 'reboot' }, null)).accepted)
        assert.lengthOf(seen, 1)
      }
    )
  })

  test('offer writes on V2 with a password only', ({ assert }) => {
    const reading = (firmware_version: string): Reading => ({ ...emptyReading(), firmware_version })
    assert.include(whatsminer.capabilities(reading('20230803.11.REL'), true), 'power_limit')
    assert.isEmpty(whatsminer.capabilities(reading('20230803.11.REL'), false))
    assert.isEmpty(whatsminer.capabilities(reading('20210322.22.REL'), true))
  })
})

test.group('Edge writes | WhatsMiner V3', () => {
  const INFO = { code: 0, when: 1_757_000_000, msg: { salt: 'BQ5hoXV9' } }
  const miner = (reply: (request: any) => unknown) => (request: any) =>
    request.cmd === 'get.device.info' ? INFO : reply(request)

  test('sign by the clock and the salt of the miner', async ({ assert }) => {
    await withMiner(
      miner(() => ({ code: 0, msg: 'ok' })),
      async ({ act, seen }) => {
        const result = await act(whatsminerV3, { type: 'pause' })
        assert.deepEqual(result, { accepted: true, detail: 'set.miner.service stop' })
        const hash = v3Hash('set.miner.service', ADMIN.password, INFO.msg.salt, INFO.when)
        assert.deepEqual(seen[1], {
          cmd: 'set.miner.service',
          param: 'stop',
          token: hash.toString('base64').slice(0, 8),
          account: ADMIN.user,
          ts: INFO.when,
        })
      },
      true
    )
  })

  test('encrypt pools and show no password', async ({ assert }) => {
    await withMiner(
      miner(() => ({ code: 0 })),
      async ({ act, seen }) => {
        const pools = [{ url: 'stratum+tcp://p:1', user: 'u', password: 'hidden' }]
        const result = await act(whatsminerV3, { type: 'set_pools', pools })
        assert.deepEqual(result, { accepted: true, detail: 'set.miner.pools' })
        const hash = v3Hash('set.miner.pools', ADMIN.password, INFO.msg.salt, INFO.when)
        assert.deepEqual(JSON.parse(decrypt(hash, seen[1].param)!), [
          { pool: 'stratum+tcp://p:1', worker: 'u', passwd: 'hidden' },
        ])
        assert.notInclude(JSON.stringify(seen), 'hidden')
      },
      true
    )
  })

  test('tell a refusal from a lost answer', async ({ assert }) => {
    await withMiner(
      miner(({ cmd }) => (cmd === 'set.system.reboot' ? LOST : { code: -2, msg: 'token error' })),
      async ({ act }) => {
        assert.isNull((await act(whatsminerV3, { type: 'reboot' })).accepted)
        const result = await act(whatsminerV3, { type: 'locate', on: true })
        assert.isFalse(result.accepted)
        assert.match(result.detail, /^auth: .*token error/)
      },
      true
    )
  })
})
