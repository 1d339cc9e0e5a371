import { test } from '@japa/runner'
import { identify } from '../src/discovery/identify.js'
import type { Probe } from '../src/drivers/contract.js'
import { DRIVERS, driverNamed } from '../src/drivers/registry.js'
import { createSession } from '../src/drivers/session.js'
import { parseBytes } from '../src/wire/cgminer.js'
import { type Json, type Wire, WireError } from '../src/wire/contract.js'
import { differences } from './support/expected.js'
import { fixtureJson, isHere, NOT_HERE } from './support/shared_fixtures.js'

const CASES: any[] = isHere ? fixtureJson('identify/cases.json').cases : []

const toAnswer = (text: string | null | undefined): any => {
  if (text === null || text === undefined) return null
  const parsed: Json | WireError = parseBytes(Buffer.from(text))
  return parsed instanceof WireError ? null : parsed
}

const probe = (parts: Partial<Probe>): Probe => ({
  rpcVersion: null,
  rpcDevdetails: null,
  rpcIsHttp: false,
  httpRoot: null,
  v3Open: null,
  ...parts,
})

const toProbe = (example: any): Probe => {
  const { rpc_version: version, http_root: root } = example
  return probe({
    rpcVersion: toAnswer(version),
    rpcDevdetails: toAnswer(example.rpc_devdetails),
    rpcIsHttp: String(version).startsWith('HTTP/'),
    httpRoot: root && { status: root.status, headers: root.headers, text: root.body },
  })
}

/** Whatever is asked to confirm answers 404, as the fixtures say. */
const notFound: Wire = {
  ip: '127.0.0.1',
  ports: { rpc: 1, http: 1, https: 1, v3: 1, rest: 1 },
  credentials: null,
  rpc: () => Promise.reject(new WireError('refused', 'nobody')),
  rpcRaw: () => Promise.reject(new WireError('refused', 'nobody')),
  v3: () => Promise.reject(new WireError('refused', 'nobody')),
  http: () => Promise.resolve({ status: 404, headers: {}, text: '' }),
  json: () => Promise.reject(new WireError('api_error', 'HTTP 404')),
}

test.group('Edge discovery | identify', () => {
  for (const example of CASES) {
    test(`tell ${example.name}`, async ({ assert }) => {
      const claims = identify(toProbe(example), DRIVERS)
      if (example.expect !== null) {
        assert.deepEqual(differences(claims[0], example.expect, ''), [])
        return
      }
      for (const claim of claims) {
        assert.isFalse(claim.isCertain)
        const driver = driverNamed(claim.driver)!
        assert.isNull(await driver.confirm(createSession(notFound)))
      }
    })
  }

  test('have the cases of the fixtures', ({ assert }) => {
    assert.lengthOf(CASES, 12)
  }).skip(!isHere, NOT_HERE)

  test('are not certain of anything by its page alone', ({ assert }) => {
    const pages = ['Luxor Firmware', '<a href="/cgi-bin/luci">', 'Avalon', 'amazeui', 'AnthillOS']
    for (const text of pages) {
      const claims = identify(probe({ httpRoot: { status: 200, headers: {}, text } }), DRIVERS)
      assert.isNotEmpty(claims, text)
      assert.isTrue(
        claims.every((claim) => !claim.isCertain),
        text
      )
    }
  })

  test('drop a page that nothing confirms', async ({ assert }) => {
    for (const driver of DRIVERS) {
      assert.isNull(await driver.confirm(createSession(notFound)), driver.name)
    }
  })

  test('take no printer and no router for a miner', ({ assert }) => {
    const root = (headers: Record<string, string>) => ({ status: 401, headers, text: '' })
    const printer = root({ 'www-authenticate': 'Basic realm="Printer"' })
    assert.isEmpty(identify(probe({ httpRoot: printer }), DRIVERS))
    assert.isEmpty(identify(probe({}), DRIVERS))
  })

  test('prefer the port of V3 when a WhatsMiner has it open', ({ assert }) => {
    const rpcDevdetails = { DEVDETAILS: [{ Driver: 'bitmicro', Model: 'M60S_VK43' }] }
    const [first, second] = identify(probe({ rpcDevdetails, v3Open: true }), DRIVERS)
    assert.equal(first!.driver, 'whatsminer_v3')
    assert.equal(first!.model, 'M60S VK40')
    assert.equal(second!.driver, 'whatsminer')
    assert.equal(identify(probe({ rpcDevdetails }), DRIVERS)[0]!.driver, 'whatsminer')
  })

  test('have one driver for each name', ({ assert }) => {
    const names = DRIVERS.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
  })
})
