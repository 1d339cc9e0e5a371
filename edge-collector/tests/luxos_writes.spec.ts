import { test } from '@japa/runner'
import { luxos } from '../src/drivers/luxos/index.js'
import { yes, no, LOST, withMiner } from './rpc_writes_setup.js'

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
