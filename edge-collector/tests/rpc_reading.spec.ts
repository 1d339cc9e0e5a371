import { test } from '@japa/runner'
import { antminer } from '../src/drivers/antminer/index.js'
import { toRpcBoards, toRpcFans } from '../src/drivers/antminer/rpc_boards.js'
import { avalon } from '../src/drivers/avalon/index.js'
import { createSession, isUnsupported } from '../src/drivers/session.js'
import { sealminer } from '../src/drivers/sealminer/index.js'
import { toCountedFaults, toFaults } from '../src/drivers/whatsminer/faults.js'
import { whatsminer } from '../src/drivers/whatsminer/index.js'
import { whatsminerV3 } from '../src/drivers/whatsminer_v3/index.js'
import type { Driver } from '../src/drivers/contract.js'
import { DEFAULT_PORTS, type JsonObject, type Wire, WireError } from '../src/wire/contract.js'
import { ApiRefusal } from '../src/wire/status.js'

type Answers = Record<string, any>

/** A miner that knows these questions, by command or path, and no other. */
const wireOf = (answers: Answers, credentials: Wire['credentials'] = null) => {
  const asked: string[] = []
  const answer = async (name: string): Promise<JsonObject> => {
    asked.push(name)
    if (answers[name] instanceof WireError) throw answers[name]
    if (answers[name] === undefined) throw new ApiRefusal({ code: 14, message: 'Invalid command' })
    return answers[name]
  }
  const wire: Wire = {
    ip: '10.0.0.1',
    ports: DEFAULT_PORTS,
    credentials,
    rpc: (command) => answer(command),
    rpcRaw: ({ command }) => answer(String(command)),
    v3: (cmd, param) => answer([cmd, param].filter(Boolean).join(' ')),
    http: () => Promise.resolve({ status: 200, headers: {}, text: '' }),
    json: ({ path }) => answer(path),
  }
  return { wire, asked }
}

const read = async (driver: Driver, answers: Answers) => {
  const { wire, asked } = wireOf(answers)
  const session = createSession(wire)
  return { reading: await driver.read(session), problems: session.problems, asked }
}

const CGI = '/cgi-bin/'
const asleep = {
  [`${CGI}get_system_info.cgi`]: { minertype: 'Antminer S19', macaddr: '02:11:22:33:44:55' },
  [`${CGI}stats.cgi`]: { STATUS: { STATUS: 'S' }, INFO: { type: 'Antminer S19' }, STATS: [] },
  [`${CGI}summary.cgi`]: { STATUS: { STATUS: 'S' }, SUMMARY: [] },
  [`${CGI}pools.cgi`]: { POOLS: [] },
  [`${CGI}get_blink_status.cgi`]: { blink: true },
}

test.group('Edge reading | Antminer', () => {
  test('tell a sleeping miner by its configuration, with number and text', async ({ assert }) => {
    for (const mode of [1, '1', 5]) {
      const config = { 'bitmain-work-mode': mode }
      const { reading } = await read(antminer, {
        ...asleep,
        [`${CGI}get_miner_conf.cgi`]: config,
      })
      assert.deepInclude(reading, { is_mining: false, state: 'paused', hashrate_ths: null })
      assert.isNull(reading.hashboards)
      assert.isNull(reading.tuning_target)
      assert.deepEqual(reading.pools, [])
      assert.isTrue(reading.fault_light)
      assert.equal(reading.model, 'S19')
    }
  })

  test('say nothing about mining without a configuration and without a rate', async ({
    assert,
  }) => {
    const { reading } = await read(antminer, asleep)
    assert.deepInclude(reading, { is_mining: null, state: 'unknown' })
  })

  test('not ask the mining API where the pages answer', async ({ assert }) => {
    const { asked } = await read(antminer, asleep)
    assert.notInclude(asked, 'version')
  })

  test('read the mining API without a single page', async ({ assert }) => {
    const denied = new WireError('auth', 'HTTP 401')
    const { reading, problems, asked } = await read(antminer, {
      [`${CGI}get_system_info.cgi`]: denied,
      version: { VERSION: [{ Type: 'Antminer S19 Pro', API: '3.1' }] },
      summary: { SUMMARY: [{ 'GHS 5s': '110566.89', 'GHS av': 111834.85, 'Elapsed': 5 }] },
    })
    assert.equal(reading.hashrate_ths, 110.56689)
    assert.isTrue(reading.is_mining)
    assert.deepInclude(problems[0]!, { kind: 'auth' })
    assert.notInclude(asked, `${CGI}stats.cgi`)
  })

  test('keep the place of a board when another one is lost', ({ assert }) => {
    const chains = (...working: number[]) =>
      Object.fromEntries(
        Array.from({ length: 16 }, (_, i) => [
          `chain_acn${i + 1}`,
          working.includes(i + 1) ? 63 : 0,
        ])
      )
    const slots = (stats: JsonObject) =>
      toRpcBoards(stats)!.map(({ slot, present }) => (present ? slot : `${slot} lost`))
    assert.deepEqual(slots(chains(1, 2, 3)), [0, 1, 2])
    assert.deepEqual(slots(chains(6, 7, 8)), [0, 1, 2])
    assert.deepEqual(slots(chains(6, 8)), [0, '1 lost', 2])
    assert.deepEqual(slots(chains(7, 8)), [1, 2])
    assert.deepEqual(slots(chains(1, 9)), [0, 8])
    assert.deepEqual(slots(chains()), [])
  })

  test('count no place for a fan that the model does not have', ({ assert }) => {
    const stats = { fan1: 0, fan2: 0, fan3: 5880, fan4: 0, fan6: 6000, fan_num: 2 }
    assert.deepEqual(toRpcFans(stats), [
      { slot: 0, rpm: 5880 },
      { slot: 1, rpm: 6000 },
    ])
    assert.deepEqual(toRpcFans({ fan1: 0, fan2: 6000, fan_num: 2 }), [
      { slot: 0, rpm: 0 },
      { slot: 1, rpm: 6000 },
    ])
  })

  test('report the parts that are not fine, and only those', async ({ assert }) => {
    const status = [
      { type: 'rate', status: 's', code: 0, msg: '' },
      { type: 'fans', status: 'e', code: 3, msg: 'fan lost' },
      { type: 'temp', status: 'w', code: 0, msg: 'hot' },
    ]
    const { reading } = await read(antminer, {
      ...asleep,
      [`${CGI}summary.cgi`]: { SUMMARY: [{ status }] },
    })
    assert.deepEqual(
      reading.errors!.map(({ component, severity }) => `${component} ${severity}`),
      ['fans error', 'temp warning']
    )
  })
})

test.group('Edge reading | WhatsMiner', () => {
  const base = {
    get_version: { Msg: { api_ver: '2.0.5', fw_ver: "'20230803.11.REL'" } },
    summary: { SUMMARY: [{ 'HS RT': 100e6, 'Power': -1, 'Fan Speed In': 0, 'MHS av': 99e6 }] },
  }

  test('take -1 W for unknown and 0 rpm for standing still', async ({ assert }) => {
    const { reading } = await read(whatsminer, base)
    assert.isNull(reading.wattage_w)
    assert.isNull(reading.wattage_source)
    assert.deepEqual(reading.fans, [{ slot: 0, rpm: 0 }])
    assert.equal(reading.hashrate_ths, 100)
    assert.isNull(reading.is_mining)
  })

  test('tell mineroff under both of its names', async ({ assert }) => {
    for (const name of ['mineroff', 'btmineroff']) {
      const status = { Msg: { [name]: 'true' } }
      const { reading } = await read(whatsminer, { ...base, status })
      assert.deepInclude(reading, { is_mining: false, state: 'paused' })
    }
  })

  test('name the model without its revision', async ({ assert }) => {
    const devdetails = { DEVDETAILS: [{ Model: 'M30S+_VE43' }] }
    const { reading } = await read(whatsminer, { ...base, devdetails })
    assert.deepInclude(reading, { model: 'M30S+ VE40', model_raw: 'M30S+_VE43' })
  })

  test('not ask V1 what it does not know', async ({ assert }) => {
    const get_version = { Msg: { fw_ver: '20210322.22.REL' } }
    const { asked } = await read(whatsminer, { ...base, get_version })
    assert.notInclude(asked, 'get_error_code')
    assert.notInclude(asked, 'get_miner_info')
  })

  test('read error codes in every form', ({ assert }) => {
    const codes = (value: any) => toFaults(value)?.map((fault) => `${fault.code} ${fault.at}`)
    assert.deepEqual(codes([{ 329: '2023-01-06 10:00:00' }]), ['329 2023-01-06T10:00:00'])
    assert.deepEqual(codes({ 329: '', 111: 'x' }), ['111 null', '329 null'])
    assert.deepEqual(codes(['110']), ['110 null'])
    assert.deepEqual(codes([]), [])
    assert.isUndefined(codes(null))
    assert.equal(toFaults([{ 540: 'x' }])![0]!.component, 'hashboard')
    assert.equal(toFaults([{ 2010: 'x' }])![0]!.component, 'pool')
    const summary = { 'Error Code Count': 2, 'Error Code 0': 110, 'Error Code 1': 264 }
    assert.lengthOf(toCountedFaults(summary)!, 2)
    assert.isNull(toCountedFaults({}))
    assert.isAtMost(toCountedFaults({ 'Error Code Count': 1e9, 'Error Code 0': 1 })!.length, 1)
  })

  test('name the power mode as the summary has it, else the status, else not at all', async ({
    assert,
  }) => {
    const status = { Msg: { mineroff: 'false', power_mode: 'low' } }
    const summary = { SUMMARY: [{ 'Power Mode': 'High' }] }
    const modeIn = async (answers: Answers) => (await read(whatsminer, answers)).reading.power_mode
    assert.equal(await modeIn({ ...base, status, summary }), 'high')
    assert.equal(await modeIn({ ...base, status }), 'low')
    assert.isNull(await modeIn(base))
    assert.isNull(await modeIn({ ...base, summary: { SUMMARY: [{ 'Power Mode': 'Turbo' }] } }))
  })

  test('take a V3 that does not know its setting for a whole answer', async ({ assert }) => {
    const no = new ApiRefusal({ code: -1, message: 'invalid command' })
    const known = {
      'get.device.info': { msg: { miner: { working: 'true' } } },
      'get.miner.status summary': { msg: { summary: {} } },
      'get.miner.status edevs': { msg: { edevs: [] } },
      'get.miner.status pools': { msg: { pools: [] } },
    }
    const older = await read(whatsminerV3, { ...known, 'get.miner.setting': no })
    assert.isNull(older.reading.power_mode)
    assert.deepEqual(
      older.problems.map(({ kind }) => kind),
      ['unsupported']
    )
    const setting = { msg: { 'power-mode': 'low' } }
    const newer = await read(whatsminerV3, { ...known, 'get.miner.setting': setting })
    assert.equal(newer.reading.power_mode, 'low')
  })

  test('leave an unknown factory hashrate of V3 unknown', async ({ assert }) => {
    const { reading } = await read(whatsminerV3, {
      'get.device.info': { msg: { miner: { working: 'false' }, system: { apiswitch: '0' } } },
      'get.miner.status summary': { msg: { summary: { 'factory-hash': -0.003 } } },
    })
    assert.isNull(reading.expected_hashrate_ths)
    assert.equal(reading.state, 'paused')
    assert.isEmpty(whatsminerV3.capabilities(reading, true))
  })
})

test.group('Edge reading | Avalon, SealMiner', () => {
  const stats = (text: string) => ({ STATS: [{ 'Elapsed': 7, 'MM ID0': text }] })
  const version = { VERSION: [{ PROD: 'AvalonMiner 1246-83', API: '3.7' }] }

  test('say nothing about mining when the firmware does not', async ({ assert }) => {
    const answers = { version, stats: stats('GHSspd[81072.5] MGHS[27000.0] Fan1[0]') }
    const { reading } = await read(avalon, answers)
    assert.deepInclude(reading, { is_mining: null, state: 'unknown', hashrate_ths: 81.0725 })
    assert.deepEqual(reading.fans, [{ slot: 0, rpm: 0 }])
    assert.isNull(reading.wattage_w)
  })

  test('read the watts from the wall and not the voltage that is set', async ({ assert }) => {
    const text = 'SYSTEMSTATU[Work: In Init, Hash Board: 3] PS[0 1215 1450 243 3526 1450 3731]'
    const { reading } = await read(avalon, { version, stats: stats(text) })
    assert.deepInclude(reading, { wattage_w: 3731, wattage_dc_w: 3526, state: 'starting' })
    const wall = await read(avalon, { version, stats: stats(`${text} WALLPOWER[3800]`) })
    assert.equal(wall.reading.wattage_w, 3800)
  })

  test('count the chips of an Avalon that have a temperature', async ({ assert }) => {
    const text = 'MGHS[27000.0 0] PVT_T0[ 61 -273  63] PVT_T1[-273 -273]'
    const { reading } = await read(avalon, { version, stats: stats(text) })
    assert.deepEqual(
      reading.hashboards?.map(({ chips_working: chips }) => chips),
      [2, 0]
    )
  })

  test('fall back to the light form of the statistics', async ({ assert }) => {
    const litestats = {
      STATS: [{ 'MM ID0:Summary': "'STATS':{Nonce Mask[25] ITemp[-273] GHSmm[5]}" }],
    }
    const { reading } = await read(avalon, { version, litestats })
    assert.equal(reading.expected_hashrate_ths, 0.005)
    assert.isNull(reading.temp_inlet_c)
  })

  test('tell a suspended SealMiner and its faults', async ({ assert }) => {
    const row = { 'PM State': 'Suspend', 'Error Code': 'E12', 'PSU Error': '0x00000000' }
    const { reading } = await read(sealminer, {
      version: { VERSION: [{ API: '3.7' }] },
      stats: { STATS: [row] },
    })
    assert.deepInclude(reading, { is_mining: false, state: 'paused' })
    assert.deepEqual(
      reading.errors!.map(({ code }) => code),
      ['E12']
    )
  })

  test('know a command that the firmware lacks from one that failed', async ({ assert }) => {
    const { wire } = wireOf({ pools: new WireError('timeout', 'no answer') })
    const session = createSession(wire)
    await session.rpc('pools')
    await session.rpc('fans')
    assert.isFalse(isUnsupported(session, 'pools'))
    assert.isTrue(isUnsupported(session, 'fans'))
  })
})
