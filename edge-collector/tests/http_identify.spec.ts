import { test } from '@japa/runner'
import { identify } from '../src/discovery/identify.js'
import type { Claim, Probe } from '../src/drivers/contract.js'
import { HTTP_DRIVERS } from '../src/drivers/http_drivers.js'
import { createSession } from '../src/drivers/session.js'
import type { HttpAnswer } from '../src/wire/contract.js'
import { parseJson } from '../src/wire/json_repair.js'
import { fakeMiner, type FakeMiner, type Reply, type Seen } from './support/fake_miner.js'
import { fixtureJson, isHere, NOT_HERE } from './support/shared_fixtures.js'

const CASES = 'identify/cases.json'

const toAnswer = (root: any): HttpAnswer | null =>
  root && { status: root.status, headers: root.headers, text: root.body }

const toProbe = (found: any): Probe => ({
  rpcVersion: toObject(found.rpc_version),
  rpcDevdetails: toObject(found.rpc_devdetails),
  rpcIsHttp: String(found.rpc_version ?? '').startsWith('HTTP/'),
  httpRoot: toAnswer(found.http_root),
  v3Open: null,
})

const toObject = (text: string | null | undefined): any => {
  const parsed = text ? parseJson(text) : null
  return parsed?.kind === 'ok' ? parsed.value : null
}

const page = (text: string, status = 200, headers = {}): Probe => ({
  rpcVersion: null,
  rpcDevdetails: null,
  rpcIsHttp: false,
  httpRoot: { status, headers, text },
  v3Open: null,
})

const best = (probe: Probe): Claim | undefined => identify(probe, HTTP_DRIVERS)[0]
const challenge = (realm: string) =>
  page('', 401, {
    'WWW-Authenticate': `Digest realm="${realm}", qop="auth", nonce="c5b1a2", algorithm=MD5`,
  })

test.group('Edge | claims of drivers over HTTP', (group) => {
  const miners: FakeMiner[] = []
  const serve = async (reply: (seen: Seen) => Reply) => {
    const miner = await fakeMiner(reply)
    miners.push(miner)
    return miner
  }
  group.each.teardown(async () => {
    await Promise.all(miners.splice(0).map((miner) => miner.close()))
  })

  test('claim what is theirs', ({ assert }) => {
    const found = Object.fromEntries(
      fixtureJson(CASES).cases.map((each: any) => [each.name, best(toProbe(each))])
    )
    for (const { name, expect } of fixtureJson(CASES).cases) {
      if (['braiins-25.07', 'vnish', 'epic', 'bitaxe', 'nerdaxe'].includes(name)) {
        assert.containSubset(found[name], expect, name)
      } else if (!/^antminer/.test(name)) assert.isUndefined(found[name], name)
    }
  }).skip(!isHere, NOT_HERE)

  test('leave to an Antminer what looks like one', ({ assert }) => {
    const claim = best(challenge('antMiner Configuration'))
    assert.containSubset(claim, { driver: 'marathon', isCertain: false })
    assert.isBelow(claim!.score, 10)
  })

  for (const [driver, probe] of [
    ['elphapex', challenge('Daoge Miner')],
    ['blackminer', challenge('blackMiner Configuration')],
    ['blackminer', page('<title>VolcMiner</title>')],
    ['auradine', page('<title>Miner UI</title>')],
    ['proto', page('<title>Proto OS</title>')],
    ['innosilicon', page('<title>DragonMint</title>')],
    ['goldshell', page('<title>cloud-box</title>')],
  ] satisfies [string, Probe][]) {
    test(`take a page for no more than a hint of ${driver}`, ({ assert }) => {
      assert.containSubset(best(probe), { driver, isCertain: false })
    })
  }

  for (const [driver, version] of [
    ['auradine', { GCMiner: '0.5', API: '1.0' }],
    ['marathon', { MaraFW: '1.0', Model: 'Antminer S21' }],
    ['vnish', { CGMiner: '4.11.1 (Vnish 1.2.6)', Type: 'Antminer S19' }],
    ['innosilicon', { InnoMiner: '1', Type: 'T3' }],
    ['goldshell', { Intchains_QoMo: '1' }],
    ['blackminer', { CGMiner: '2.3.3', Type: 'VolcMiner D1' }],
  ] as const) {
    test(`be certain of ${driver} by its mining API`, ({ assert }) => {
      const probe = { ...page(''), httpRoot: null, rpcVersion: { VERSION: [{ ...version }] } }
      assert.containSubset(best(probe), { driver, isCertain: true })
    })
  }

  const TRAPS: [name: string, reply: (seen: Seen) => Reply][] = [
    ['a blog that answers every path', () => ({ json: '<h1>My Nerd blog about AxeOS</h1>' })],
    ['a web server without these paths', () => ({ status: 404, json: { error: 'not found' } })],
    [
      'a printer that wants a digest',
      () => ({
        status: 401,
        headers: { 'www-authenticate': 'Digest realm="Printer", nonce="n", qop="auth"' },
      }),
    ],
    ['a router that sends everybody on', () => ({ status: 307, headers: { location: '/luci' } })],
    ['an API with answers of its own', () => ({ json: { version: '1', status: 'ok', data: {} } })],
    ['a server that breaks', () => ({ status: 500, json: { message: 'broken' } })],
  ]
  for (const [name, reply] of TRAPS) {
    test(`confirm nothing of ${name}`, async ({ assert }) => {
      const server = await serve(reply)
      for (const driver of HTTP_DRIVERS) {
        const session = createSession(server.wire(null))
        assert.isNull(await driver.confirm(session), driver.name)
        assert.isNull(await driver.confirm(createSession(server.wire())), driver.name)
      }
    })
  }

  test('show no password to what did not ask for one', async ({ assert }) => {
    const server = await serve(() => ({ status: 404 }))
    for (const driver of HTTP_DRIVERS) await driver.confirm(createSession(server.wire()))
    assert.isAbove(server.seen.length, HTTP_DRIVERS.length)
    assert.notInclude(JSON.stringify(server.seen), 'right')
  })
})
