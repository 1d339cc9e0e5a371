import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { emptyReading, type Reading } from '../protocol/record.js'
import { antminer } from '../src/drivers/antminer/index.js'
import { avalon } from '../src/drivers/avalon/index.js'
import type { MinerCommand } from '../src/drivers/contract.js'
import { createWire } from '../src/wire/miner_wire.js'
import { isDigestRight } from './support/digest_check.js'
import { closed, listen as listenHttp, send } from './support/fixture_server.js'
import { ADMIN, LOST, no, withMiner, yes } from './rpc_writes_setup.js'

test.group('Edge writes | Avalon', () => {
  const info = (Msg: string) => ({ STATUS: [{ STATUS: 'I', Code: 118, Msg, When: 1_000 }] })

  test('set a soft-off by the clock of the miner', async ({ assert }) => {
    await withMiner(
      ({ command }) =>
        command === 'version' ? yes() : info('ASC 0 set info: success softoff:1005'),
      async ({ act, seen }) => {
        const result = await act(avalon, { type: 'pause' }, null)
        assert.isTrue(result.accepted)
        assert.deepEqual(seen[1], { command: 'ascset', parameter: '0,softoff,1:1005' })
      }
    )
  })

  test('leave a soft-on open when the connection closes without a reply', async ({ assert }) => {
    await withMiner(
      ({ command }) => (command === 'version' ? yes() : LOST),
      async ({ act, seen }) => {
        assert.isNull((await act(avalon, { type: 'resume' })).accepted)
        assert.lengthOf(seen, 2)
      }
    )
  })

  test('take a failure that comes as information for a refusal', async ({ assert }) => {
    await withMiner(
      () => info('ASC 0 set info: failed workmode'),
      async ({ act }) => {
        assert.isFalse((await act(avalon, { type: 'set_power_mode', mode: 'high' })).accepted)
      }
    )
  })

  test('set pools with the login and never without', async ({ assert }) => {
    const pools = [{ url: 'stratum+tcp://p:1', user: 'u', password: 'x' }]
    await withMiner(
      () => info('ASC 0 set info: success'),
      async ({ act, seen }) => {
        assert.isFalse((await act(avalon, { type: 'set_pools', pools }, null)).accepted)
        assert.isEmpty(seen)
        const result = await act(avalon, { type: 'set_pools', pools })
        assert.isTrue(result.accepted)
        assert.include(result.detail, 'reboot')
        assert.equal(seen[0].parameter, '0,setpool,admin,secret,0,stratum+tcp://p:1,u,x')
      }
    )
  })

  test('call a login that the web interface does not take so', async ({ assert }) => {
    const pools = [{ url: 'stratum+tcp://p:1', user: 'u', password: 'x' }]
    await withMiner(
      () => no(120, 'ASC 0 set failed: illegal user or password'),
      async ({ act }) => {
        const result = await act(avalon, { type: 'set_pools', pools })
        assert.isFalse(result.accepted)
        assert.match(result.detail, /^auth: /)
      }
    )
  })
})

test.group('Edge writes | Antminer', () => {
  const CONFIG = {
    'pools': [{ url: 'a', user: 'b', pass: 'keep' }],
    'api-allow': 'W:*',
    'unknown-key': { deep: [1] },
    'miner-mode': 0,
    'bitmain-work-mode': '0',
  }

  const withAntminer = async (
    run: (it: {
      posts: { url?: string; body: any }[]
      act: (command: MinerCommand, options?: Partial<Options>) => Promise<any>
    }) => Promise<void>,
    { config = CONFIG, verdict = { stats: 'success', code: 'M000' } as any } = {}
  ) => {
    const posts: { url?: string; body: any }[] = []
    const server = await listenHttp((request, response, body) => {
      if (!isDigestRight(request, ADMIN)) {
        const challenge = 'Digest realm="antMiner Configuration", nonce="n", qop="auth"'
        return send(response, 401, null, { 'www-authenticate': challenge })
      }
      if (request.url === '/cgi-bin/get_miner_conf.cgi') return send(response, 200, config)
      posts.push({ url: request.url, body: body && JSON.parse(body) })
      return verdict === LOST ? request.socket.destroy() : send(response, 200, verdict)
    })
    const { port } = server.address() as AddressInfo
    const ports = { rpc: 1, http: port, https: 1, v3: 1, rest: 1 }
    const act = (command: MinerCommand, { password = ADMIN.password, before = {} } = {}) =>
      antminer.act!(
        createWire({ ip: '127.0.0.1', ports, credentials: { ...ADMIN, password } }),
        command,
        { ...emptyReading(), ...before }
      )
    try {
      await run({ posts, act })
    } finally {
      await closed(server)
    }
  }
  interface Options {
    password: string
    before: Partial<Reading>
  }

  test('write the whole configuration back with the mode as it came', async ({ assert }) => {
    await withAntminer(async ({ posts, act }) => {
      const result = await act({ type: 'pause' })
      assert.deepEqual(result, { accepted: true, detail: 'mode 1, previous mode 0' })
      assert.deepEqual(posts, [
        {
          url: '/cgi-bin/set_miner_conf.cgi',
          body: { ...CONFIG, 'miner-mode': 1, 'bitmain-work-mode': '1' },
        },
      ])
      assert.notInclude(result.detail, 'keep')
    })
  })

  test('wake to the mode of before, else to the normal one', async ({ assert }) => {
    await withAntminer(async ({ posts, act }) => {
      const before: Partial<Reading> = { tuning_target: { type: 'mode', value: 'low' } }
      await act({ type: 'resume' }, { before })
      await act({ type: 'resume' })
      assert.deepEqual(
        posts.map(({ body }) => body['miner-mode']),
        [3, 0]
      )
    })
  })

  test('change nothing with a wrong password', async ({ assert }) => {
    await withAntminer(async ({ posts, act }) => {
      const result = await act({ type: 'pause' }, { password: 'wrong' })
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'auth')
      assert.isFalse((await act({ type: 'reboot' }, { password: 'wrong' })).accepted)
      assert.isEmpty(posts)
    })
  })

  test('take another verdict than success for a no', async ({ assert }) => {
    await withAntminer(
      async ({ act }) => {
        const pools = [{ url: 'stratum+tcp://p:1', user: 'u', password: 'x' }]
        const result = await act({ type: 'set_pools', pools })
        assert.isFalse(result.accepted)
        assert.include(result.detail, 'M001')
      },
      { verdict: { stats: 'error', code: 'M001' } }
    )
  })

  test('leave it open when the connection drops, and send nothing twice', async ({ assert }) => {
    await withAntminer(
      async ({ posts, act }) => {
        assert.isNull((await act({ type: 'reboot' })).accepted)
        assert.isNull((await act({ type: 'set_power_mode', mode: 'high' })).accepted)
        assert.lengthOf(posts, 2)
      },
      { verdict: LOST }
    )
  })

  test('switch the light on and off', async ({ assert }) => {
    await withAntminer(
      async ({ posts, act }) => {
        assert.isTrue((await act({ type: 'locate', on: true })).accepted)
        assert.deepEqual(posts[0], { url: '/cgi-bin/blink.cgi', body: { blink: 'true' } })
      },
      { verdict: { code: 'B000' } }
    )
  })

  test('refuse what stock firmware cannot do without asking it', async ({ assert }) => {
    await withAntminer(async ({ posts, act }) => {
      const result = await act({ type: 'set_power_limit', watts: 3000 })
      assert.isFalse(result.accepted)
      assert.isEmpty(posts)
    })
  })
})
