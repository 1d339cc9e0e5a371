import type { Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { emptyReading, type Reading } from '../protocol/record.js'
import { antminer } from '../src/drivers/antminer/index.js'
import { avalon } from '../src/drivers/avalon/index.js'
import type { Driver, MinerCommand } from '../src/drivers/contract.js'
import { luxos } from '../src/drivers/luxos/index.js'
import { decrypt, toEncrypted, toKeys, v3Hash } from '../src/drivers/whatsminer/crypto.js'
import { whatsminer } from '../src/drivers/whatsminer/index.js'
import { whatsminerV3 } from '../src/drivers/whatsminer_v3/index.js'
import type { Credentials } from '../src/wire/contract.js'
import { createWire } from '../src/wire/miner_wire.js'
import { isDigestRight } from './support/digest_check.js'
import { closed, listen as listenHttp, send } from './support/fixture_server.js'
import { closeAll, listen, serveRpc, serveV3 } from './support/tcp_fixtures.js'

const ADMIN: Credentials = { user: 'admin', password: 'secret' }
const yes = (body = {}) => ({ STATUS: [{ STATUS: 'S', Code: 1, Msg: 'ok', When: 1_000 }], ...body })
const no = (Code: number, Msg: string) => ({ STATUS: 'E', Code, Msg })
/** Obeys and hangs up without a word. */
const LOST = Symbol('lost')

/** A miner that answers as told and remembers what it was asked. */
const fakeRpc = async (answer: (request: any) => unknown, isV3 = false) => {
  const seen: any[] = []
  const server: Server = await listen((socket) => {
    const reply = (request: any) => {
      seen.push(request)
      const given = answer(request)
      if (given === LOST) socket.destroy()
      return given === LOST ? {} : given
    }
    if (isV3) serveV3(socket, reply)
    else serveRpc(socket, reply)
  })
  const { port } = server.address() as AddressInfo
  const ports = { rpc: port, v3: port, http: 1, https: 1, rest: 1 }
  return {
    seen,
    act: (driver: Driver, command: MinerCommand, credentials: Credentials | null = ADMIN) =>
      driver.act!(
        createWire({ ip: '127.0.0.1', ports, credentials, deadlineMs: 3000, askMs: 500 }),
        command,
        emptyReading()
      ),
    close: () => closeAll([server]),
  }
}

type FakeRpc = Awaited<ReturnType<typeof fakeRpc>>

const withMiner = async (
  answer: (request: any) => unknown,
  run: (miner: FakeRpc) => Promise<void>,
  isV3 = false
) => {
  const miner = await fakeRpc(answer, isV3)
  try {
    await run(miner)
  } finally {
    await miner.close()
  }
}

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
        assert.include(result.detail, 'token error')
      },
      true
    )
  })
})

test.group('Edge writes | LuxOS', () => {
  const PROFILES = [
    { 'Profile Name': '190MHz', 'Watts': 784 },
    { 'Profile Name': 'default', 'Watts': 2794 },
    { 'Profile Name': '290MHz', 'Watts': 1188 },
  ]
  const base: Record<string, unknown> = {
    logon: yes({ SESSION: [{ SessionID: 'abc123' }] }),
    profiles: yes({ PROFILES }),
    config: yes({ CONFIG: [{ IsAtmEnabled: true }] }),
  }
  const luxMiner =
    (more: Record<string, unknown> = {}) =>
    (request: any) =>
      more[request.command] ?? base[request.command] ?? yes()
  const commandsOf = (seen: any[]) =>
    seen.map(({ command, parameter }) => (parameter ? `${command} ${parameter}` : command))

  test('open a session, send and close it', async ({ assert }) => {
    await withMiner(luxMiner(), async ({ act, seen }) => {
      const result = await act(luxos, { type: 'pause' }, null)
      assert.deepEqual(result, { accepted: true, detail: 'curtail sleep' })
      assert.deepEqual(commandsOf(seen), ['logon', 'curtail abc123,sleep', 'logoff abc123'])
    })
  })

  test('use the session of somebody else and leave it open', async ({ assert }) => {
    const more = {
      logon: no(402, 'Another session is active'),
      session: yes({ SESSION: [{ SessionID: 'other' }] }),
    }
    await withMiner(luxMiner(more), async ({ act, seen }) => {
      assert.isTrue((await act(luxos, { type: 'locate', on: true })).accepted)
      assert.deepEqual(commandsOf(seen), ['logon', 'session', 'ledset other,red,blink'])
    })
  })

  test('send nothing when there is no session to have', async ({ assert }) => {
    const more = { logon: no(402, 'busy'), session: yes({ SESSION: [{ SessionID: '' }] }) }
    await withMiner(luxMiner(more), async ({ act, seen }) => {
      assert.isFalse((await act(luxos, { type: 'reboot' })).accepted)
      assert.deepEqual(commandsOf(seen), ['logon', 'session'])
    })
  })

  test('take the largest profile below the limit, with the tuner off first', async ({ assert }) => {
    await withMiner(luxMiner(), async ({ act, seen }) => {
      assert.isTrue((await act(luxos, { type: 'set_power_limit', watts: 1500 })).accepted)
      assert.includeMembers(commandsOf(seen), [
        'atmset abc123,enabled=false',
        'profileset abc123,290MHz',
      ])
      const low = await act(luxos, { type: 'set_power_limit', watts: 500 })
      assert.deepEqual(low, { accepted: false, detail: 'unsupported: no such profile' })
    })
  })

  test('close the session when the command is refused or lost', async ({ assert }) => {
    for (const [reply, accepted] of [
      [no(1, 'no'), false],
      [LOST, null],
    ] as const) {
      await withMiner(luxMiner({ curtail: reply }), async ({ act, seen }) => {
        assert.equal((await act(luxos, { type: 'resume' })).accepted, accepted)
        assert.equal(commandsOf(seen).at(-1), 'logoff abc123')
        assert.lengthOf(seen, 3)
      })
    }
  })

  test('add pools before the old ones go', async ({ assert }) => {
    const pools = [{ POOL: 0 }, { POOL: 1 }]
    const answer = (request: any) => {
      if (request.command === 'addpool') pools.push({ POOL: pools.length })
      return request.command === 'pools' ? yes({ POOLS: [...pools] }) : yes()
    }
    await withMiner(answer, async ({ act, seen }) => {
      const wanted = [{ url: 'stratum+tcp://p:1', user: 'a,b', password: 'x' }]
      assert.isTrue((await act(luxos, { type: 'set_pools', pools: wanted })).accepted)
      assert.deepEqual(commandsOf(seen), [
        'pools',
        'addpool stratum+tcp://p:1,a\\,b,x',
        'pools',
        'switchpool 2',
        'removepool 1',
        'removepool 0',
      ])
    })
  })
})

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
