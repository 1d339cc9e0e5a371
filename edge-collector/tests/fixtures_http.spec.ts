import { test } from '@japa/runner'
import type { Driver } from '../src/drivers/contract.js'
import { HTTP_DRIVERS } from '../src/drivers/http_drivers.js'
import { readMiner } from '../src/drivers/read_miner.js'
import { createSession } from '../src/drivers/session.js'
import { createWire } from '../src/wire/miner_wire.js'
import { assertMatches } from './support/expected.js'
import { serveFixture } from './support/fixture_server.js'
import { fixtureJson, foldersOf, isHere, NOT_HERE } from './support/shared_fixtures.js'

/** Which driver reads a folder, by how it begins. */
const DRIVERS: [beginning: string, driver: string][] = [
  ['braiins/os-21', 'braiins_graphql'],
  ['braiins/os-25.03', 'braiins_graphql'],
  ['braiins/', 'braiins_rest'],
  ['bitaxe/', 'axeos'],
  ['nerdaxe/', 'axeos'],
  ['scrypt-elphapex/', 'elphapex'],
  ['scrypt-blackminer/', 'blackminer'],
]

const driverOf = (folder: string): Driver => {
  const name = DRIVERS.find(([beginning]) => folder.startsWith(beginning))?.[1]
  return HTTP_DRIVERS.find((driver) => driver.name === (name ?? folder.split('/')[0]))!
}

const FOLDERS = foldersOf(
  'braiins',
  'vnish',
  'epic',
  'auradine',
  'bitaxe',
  'nerdaxe',
  'proto',
  'scrypt-elphapex',
  'scrypt-blackminer'
)

type Served = Awaited<ReturnType<typeof serveFixture>>

const wireTo = ({ ports, credentials }: Served, password?: string) =>
  createWire({
    ip: '127.0.0.1',
    ports,
    credentials: credentials && password !== undefined ? { ...credentials, password } : credentials,
    deadlineMs: 8000,
  })

test.group('Edge | drivers over HTTP', (group) => {
  const served: Served[] = []
  const serve = async (folder: string) => {
    const server = await serveFixture(folder)
    served.push(server)
    return server
  }
  group.each.teardown(async () => {
    await Promise.all(served.splice(0).map((server) => server.close()))
  })

  test('have the folders of these families', ({ assert }) => {
    assert.isAtLeast(FOLDERS.length, 12)
  }).skip(!isHere, NOT_HERE)

  for (const folder of FOLDERS) {
    test(`read ${folder} as expected`, async ({ assert }) => {
      const server = await serve(folder)
      const record = await readMiner(driverOf(folder), wireTo(server), Date.now)
      assertMatches(assert, record, fixtureJson(`${folder}/expected.json`).normalized)
      const real = record.problems.filter(({ kind }) => kind !== 'unsupported')
      assert.deepEqual(real, [])
      assert.equal(record.outcome, 'ok')
      assert.notMatch(JSON.stringify(record), /password|secret|"pass"/)
    })

    test(`confirm ${folder} and nobody else`, async ({ assert }) => {
      const server = await serve(folder)
      const names: string[] = []
      for (const driver of HTTP_DRIVERS) {
        const identity = await driver.confirm(createSession(wireTo(server)))
        if (identity) names.push(identity.driver)
      }
      assert.deepEqual(names, [driverOf(folder).name])
    })

    if (fixtureJson(`${folder}/manifest.json`).auth === null) continue
    test(`say little of ${folder} with a wrong password`, async ({ assert }) => {
      const server = await serve(folder)
      if (!server.credentials) {
        // It reads for anybody and asks only who writes.
        assert.equal(folder.split('/')[0], 'epic')
        return
      }
      const record = await readMiner(driverOf(folder), wireTo(server, 'wrong'), Date.now)
      assert.isTrue(record.problems.some(({ kind }) => kind === 'auth'))
      assert.oneOf(record.outcome, ['auth_failed', 'partial'])
      if (record.outcome === 'auth_failed') assert.isNull(record.hashrate_ths)
    })
  }
})
