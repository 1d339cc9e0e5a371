import { test } from '@japa/runner'
import { emptyPool, emptyReading } from '../protocol/record.js'
import type { Driver, MinerCommand } from '../src/drivers/contract.js'
import { HTTP_DRIVERS } from '../src/drivers/http_drivers.js'
import { fakeMiner, type FakeMiner, type Reply, type Seen } from './support/fake_miner.js'

const BEFORE = {
  ...emptyReading(),
  pools: [{ ...emptyPool(0), group_name: 'site' }],
}
const POOL = { url: 'stratum+tcp://pool.example:3333', user: 'site.1', password: 'x' }
const WRONG = { user: 'root', password: 'wrong' }

const driver = (name: string): Driver => HTTP_DRIVERS.find((each) => each.name === name)!
const act = (name: string, miner: FakeMiner, command: MinerCommand, credentials?: typeof WRONG) =>
  driver(name).act!(miner.wire(credentials), command, BEFORE)
const brief = ({ method, path, body }: Seen) => [method, path, body]

/** How each of them lets somebody in. */
const LOGINS: Record<string, (seen: Seen) => Reply | null> = {
  braiins_rest: ({ path, body }) =>
    path !== '/api/v1/auth/login'
      ? null
      : body.password === 'right' && body.username === 'root'
        ? { json: { token: 'abc', timeout_s: 3600 } }
        : { status: 401, json: { message: 'no' } },
  vnish: ({ path, body }) =>
    path !== '/api/v1/unlock'
      ? null
      : body.pw === 'right'
        ? { json: { token: 'abc' } }
        : { status: 403, json: { err: 'wrong password' } },
  braiins_graphql: ({ body }) =>
    body?.operationName !== 'login'
      ? null
      : body.variables.password === 'right'
        ? { json: { data: {} }, headers: { 'set-cookie': 'session_id=s-1; HttpOnly' } }
        : { json: { data: { auth: { login: { message: 'no' } } } } },
}

test.group('Edge | writes over HTTP', (group) => {
  const miners: FakeMiner[] = []
  const serve = async (name: string, reply: (seen: Seen) => Reply = () => ({})) => {
    const miner = await fakeMiner((seen) => LOGINS[name]?.(seen) ?? reply(seen))
    miners.push(miner)
    return miner
  }
  group.each.teardown(async () => {
    await Promise.all(miners.splice(0).map((miner) => miner.close()))
  })

  const REST: [MinerCommand, path: string, body?: unknown][] = [
    [{ type: 'reboot' }, 'actions/reboot'],
    [{ type: 'restart_mining' }, 'actions/restart'],
    [{ type: 'pause' }, 'actions/pause'],
    [{ type: 'resume' }, 'actions/resume'],
    [{ type: 'locate', on: true }, 'actions/locate', true],
    [{ type: 'locate', on: false }, 'actions/locate', false],
    [{ type: 'set_power_limit', watts: 3000.4 }, 'performance/power-target', { watt: 3000 }],
    [
      { type: 'set_hashrate_target', ths: 100 },
      'performance/hashrate-target',
      { terahash_per_second: 100 },
    ],
    [
      { type: 'set_pools', pools: [POOL] },
      'pools/batch',
      [{ name: 'site', pools: [POOL], load_balance_strategy: { quota: { value: 1 } } }],
    ],
  ]
  for (const [command, path, body] of REST) {
    test(`tell Braiins OS (REST) to ${JSON.stringify(command)}`, async ({ assert }) => {
      const miner = await serve('braiins_rest', () => ({ json: { status: 2 } }))
      assert.deepInclude(await act('braiins_rest', miner, command), { accepted: true })
      assert.deepEqual(miner.changes().map(brief), [['PUT', `/api/v1/${path}`, body]])
      assert.equal(miner.changes()[0]?.headers.authorization, 'abc')
    })
  }

  test('start a Braiins OS that was stopped instead of resuming it', async ({ assert }) => {
    const miner = await serve('braiins_rest', () => ({ json: { status: 1 } }))
    await act('braiins_rest', miner, { type: 'resume' })
    assert.deepEqual(miner.changes().map(brief), [['PUT', '/api/v1/actions/start', undefined]])
  })

  test('hand on why Braiins OS refuses', async ({ assert }) => {
    const miner = await serve('braiins_rest', () => ({
      status: 400,
      json: { message: 'power target out of range' },
    }))
    const result = await act('braiins_rest', miner, { type: 'set_power_limit', watts: 9 })
    assert.isFalse(result.accepted)
    assert.include(result.detail, 'power target out of range')
  })

  const GRAPHQL: [MinerCommand, ...[name: string, variables: unknown, marks: RegExp][]][] = [
    [{ type: 'reboot' }, ['reboot', {}, /mutation reboot.*\bbos \{ reboot/s]],
    [{ type: 'pause' }, ['stop', {}, /bosminer \{ stop/]],
    [{ type: 'resume' }, ['start', {}, /bosminer \{ start/]],
    [{ type: 'restart_mining' }, ['restart', {}, /bosminer \{ restart/]],
    [
      { type: 'locate', on: true },
      ['light', { enable: true }, /setFaultLight\(enable: \$enable\)/],
    ],
    [
      { type: 'set_power_limit', watts: 900 },
      ['power', { limit: 900 }, /powerTarget: \$limit.*apply: true/s],
    ],
    [
      { type: 'set_pools', pools: [POOL] },
      ['groups', { groups: [{ name: 'site', quota: 1, pools: [POOL] }] }, /updateGroups/],
      ['restart', {}, /bosminer \{ restart/],
    ],
  ]
  for (const [command, ...mutations] of GRAPHQL) {
    test(`tell Braiins OS (GraphQL) to ${JSON.stringify(command)}`, async ({ assert }) => {
      const miner = await serve('braiins_graphql', () => ({ json: { data: { bos: {} } } }))
      assert.deepInclude(await act('braiins_graphql', miner, command), { accepted: true })
      const changes = miner.changes()
      assert.deepEqual(
        changes.map(({ path, body }) => [path, body.operationName, body.variables]),
        mutations.map(([name, variables]) => ['/graphql', name, variables])
      )
      mutations.forEach(([, , marks], index) => assert.match(changes[index]!.body.query, marks))
      assert.equal(changes[0]?.headers.cookie, 'session_id=s-1')
    })
  }

  test('see that GraphQL refuses with status 200', async ({ assert }) => {
    const answers = [
      { errors: [{ message: 'Unknown field' }], data: null },
      {
        data: { bosminer: { restart: { __typename: 'BosminerError', message: 'Unknown field' } } },
      },
    ]
    for (const json of answers) {
      const miner = await serve('braiins_graphql', () => ({ json }))
      const result = await act('braiins_graphql', miner, { type: 'restart_mining' })
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'Unknown field')
    }
  })

  test('not restart for pools that were refused', async ({ assert }) => {
    const failure = { __typename: 'GroupListError', message: 'bad url' }
    const miner = await serve('braiins_graphql', () => ({
      json: { data: { bosminer: { config: { updateGroups: failure } } } },
    }))
    const result = await act('braiins_graphql', miner, { type: 'set_pools', pools: [POOL] })
    assert.isFalse(result.accepted)
    assert.lengthOf(miner.changes(), 1)
  })

  const VNISH: [MinerCommand, path: string, body?: unknown][] = [
    [{ type: 'reboot' }, 'system/reboot'],
    [{ type: 'restart_mining' }, 'mining/restart'],
    [{ type: 'pause' }, 'mining/stop'],
    [{ type: 'resume' }, 'mining/start'],
    [{ type: 'locate', on: false }, 'find-miner', { on: false }],
  ]
  for (const [command, path, body] of VNISH) {
    test(`tell VNish to ${JSON.stringify(command)}`, async ({ assert }) => {
      const miner = await serve('vnish')
      assert.deepInclude(await act('vnish', miner, command), { accepted: true })
      assert.deepEqual(miner.changes().map(brief), [['POST', `/api/v1/${path}`, body]])
      assert.equal(miner.changes()[0]?.headers.authorization, 'Bearer abc')
    })
  }

  /** A VNish with settings that it keeps, or does not. */
  const withSettings = (keeps: boolean) => {
    let miner: any = { overclock: { preset: '3400', modded_psu: false }, pools: [] }
    return ({ method, path, body }: Seen): Reply => {
      if (path.endsWith('/autotune/presets')) {
        return { json: ['disabled', '2900', '3100', '3400'].map((name) => ({ name })) }
      }
      if (method === 'POST' && keeps) miner = { ...miner, ...body.miner }
      return { json: method === 'POST' ? { restart_required: false } : { miner } }
    }
  }

  test('choose the highest preset of VNish that stays below the limit', async ({ assert }) => {
    const miner = await serve('vnish', withSettings(true))
    const result = await act('vnish', miner, { type: 'set_power_limit', watts: 3300 })
    assert.deepInclude(result, { accepted: true, detail: 'preset 3100' })
    assert.deepEqual(miner.changes()[0]?.body, {
      miner: { overclock: { preset: '3100', modded_psu: false } },
    })
    const none = await act('vnish', miner, { type: 'set_power_limit', watts: 1000 })
    assert.isFalse(none.accepted)
    assert.lengthOf(miner.changes(), 1)
  })

  test('see that VNish ignored a setting though it answered well', async ({ assert }) => {
    for (const command of [
      { type: 'set_power_limit', watts: 3300 },
      { type: 'set_profile', name: '2900' },
      { type: 'set_pools', pools: [POOL] },
    ] satisfies MinerCommand[]) {
      const miner = await serve('vnish', withSettings(false))
      const result = await act('vnish', miner, command)
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'ignored')
      assert.lengthOf(miner.changes(), 1)
    }
  })

  test('believe a VNish that is too busy to be asked again', async ({ assert }) => {
    const answer = withSettings(true)
    let isBusy = false
    const miner = await serve('vnish', (seen) => {
      if (isBusy) return 'lost'
      isBusy = seen.method === 'POST'
      return answer(seen)
    })
    const result = await act('vnish', miner, { type: 'set_profile', name: '2900' })
    assert.deepInclude(result, { accepted: true, detail: 'preset 2900, not read again' })
  })

  test('set the pools of VNish without a scheme', async ({ assert }) => {
    const miner = await serve('vnish', withSettings(true))
    const result = await act('vnish', miner, { type: 'set_pools', pools: [POOL] })
    assert.isTrue(result.accepted)
    assert.deepEqual(miner.changes()[0]?.body.miner.pools, [
      { url: 'pool.example:3333', user: 'site.1', pass: 'x', order: 0, id: 0 },
    ])
  })

  const SUMMARY = {
    Mining: { Coin: 'BTC' },
    Stratum: { 'Worker Unique Id': true },
    PerpetualTune: {
      Algorithm: { ChipTune: { 'Target': 140, 'Min Throttle Target': 50, 'Throttle Step': 5 } },
    },
  }
  const OFFERS = { PerpetualTune: [{ algorithm: 'BoardTune' }, { algorithm: 'PowerTune' }] }
  const answerEpic = ({ method, path, body }: Seen): Reply => {
    if (method === 'GET') return { json: path === '/summary' ? SUMMARY : OFFERS }
    return { json: { result: body.password === 'right', error: 'Incorrect password' } }
  }
  const coin = {
    coin: 'BTC',
    stratum_configs: [{ pool: POOL.url, login: POOL.user, password: POOL.password }],
    unique_id: true,
  }
  const EPIC: [MinerCommand, path: string, param: unknown][] = [
    [{ type: 'reboot' }, '/reboot', '0'],
    [{ type: 'restart_mining' }, '/softreboot', '0'],
    [{ type: 'pause' }, '/miner', 'Stop'],
    [{ type: 'resume' }, '/miner', 'Autostart'],
    [{ type: 'locate', on: true }, '/identify', true],
    [{ type: 'set_pools', pools: [POOL] }, '/coin', coin],
    [
      { type: 'set_power_limit', watts: 3000 },
      '/perpetualtune/algo',
      { algo: 'PowerTune', target: 3000 },
    ],
    [
      { type: 'set_hashrate_target', ths: 120 },
      '/perpetualtune/algo',
      { algo: 'ChipTune', target: 120, min_throttle: 50, throttle_step: 5 },
    ],
  ]
  for (const [command, path, param] of EPIC) {
    test(`tell ePIC to ${JSON.stringify(command)}`, async ({ assert }) => {
      const miner = await serve('epic', answerEpic)
      assert.deepInclude(await act('epic', miner, command), { accepted: true })
      const body = { param, password: 'right' }
      assert.deepEqual(miner.changes().map(brief), [['POST', path, body]])
    })
  }

  test('see that ePIC refuses with status 200', async ({ assert }) => {
    const miner = await serve('epic', answerEpic)
    const result = await act('epic', miner, { type: 'pause' }, WRONG)
    assert.isFalse(result.accepted)
    assert.match(result.detail, /^auth: .*Incorrect password/)
    assert.notInclude(result.detail, 'wrong')
  })

  const fields = (prefix: string) => ({
    [`${prefix}URL`]: 'pool.example',
    [`${prefix}Port`]: 3333,
    [`${prefix}User`]: 'site.1',
    [`${prefix}Password`]: 'x',
  })
  const AXEOS: [MinerCommand, ...unknown[][]][] = [
    [{ type: 'reboot' }, ['POST', '/api/system/restart', undefined]],
    [{ type: 'pause' }, ['POST', '/api/system/pause', undefined]],
    [{ type: 'resume' }, ['POST', '/api/system/resume', undefined]],
    [{ type: 'locate', on: true }, ['POST', '/api/system/identify', undefined]],
    [
      { type: 'set_pools', pools: [POOL, POOL] },
      ['PATCH', '/api/system', { ...fields('stratum'), ...fields('fallbackStratum') }],
      ['POST', '/api/system/restart', undefined],
    ],
  ]
  for (const [command, ...requests] of AXEOS) {
    test(`tell AxeOS to ${JSON.stringify(command)}`, async ({ assert }) => {
      const miner = await serve('axeos')
      assert.deepInclude(await act('axeos', miner, command), { accepted: true })
      assert.deepEqual(miner.seen.map(brief), requests)
    })
  }

  const WRITERS = ['braiins_rest', 'braiins_graphql', 'vnish', 'epic', 'axeos']

  for (const name of WRITERS) {
    test(`leave it open whether ${name} obeyed when its answer is lost`, async ({ assert }) => {
      const miner = await serve(name, () => 'lost')
      const result = await act(name, miner, { type: 'reboot' })
      assert.isNull(result.accepted)
      assert.include(result.detail, 'reset')
      assert.lengthOf(miner.changes(), 1)
    })

    test(`send nothing that ${name} does not know`, async ({ assert }) => {
      const miner = await serve(name)
      const result = await act(name, miner, { type: 'set_power_mode', mode: 'low' })
      assert.isFalse(result.accepted)
      assert.lengthOf(miner.changes(), 0)
    })

    test(`say what ${name} can do with credentials and without`, ({ assert }) => {
      const open = name === 'axeos' ? ['reboot', 'pools'] : []
      assert.deepEqual(driver(name).capabilities(BEFORE, false), open)
      assert.includeMembers(driver(name).capabilities(BEFORE, true), ['reboot', 'pools'])
    })
  }

  for (const name of Object.keys(LOGINS)) {
    test(`change nothing of ${name} with a wrong password`, async ({ assert }) => {
      const miner = await serve(name)
      const result = await act(name, miner, { type: 'pause' }, WRONG)
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'auth')
      assert.lengthOf(miner.changes(), 0)
      assert.lengthOf(miner.seen, 1)
    })
  }

  test('know that a Bitaxe can pause when it says whether it is paused', ({ assert }) => {
    const reading = { ...BEFORE, is_mining: true }
    assert.includeMembers(driver('axeos').capabilities(reading, false), ['pause', 'resume'])
  })

  test('write with these five drivers only', ({ assert }) => {
    for (const { name, act: write, capabilities } of HTTP_DRIVERS) {
      assert.equal(write !== undefined, WRITERS.includes(name), name)
      if (!write) assert.deepEqual(capabilities(BEFORE, true), [])
    }
  })
})
