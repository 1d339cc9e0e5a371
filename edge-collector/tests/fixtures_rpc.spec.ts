import { test } from '@japa/runner'
import type { Driver } from '../src/drivers/contract.js'
import { antminer } from '../src/drivers/antminer/index.js'
import { avalon } from '../src/drivers/avalon/index.js'
import { cgminer } from '../src/drivers/cgminer/index.js'
import { luxos } from '../src/drivers/luxos/index.js'
import { readMiner } from '../src/drivers/read_miner.js'
import { sealminer } from '../src/drivers/sealminer/index.js'
import { whatsminer } from '../src/drivers/whatsminer/index.js'
import { whatsminerV3 } from '../src/drivers/whatsminer_v3/index.js'
import { createWire } from '../src/wire/miner_wire.js'
import { assertMatches } from './support/expected.js'
import { serveFixture } from './support/fixture_server.js'
import { fixtureJson, foldersOf, isHere, NOT_HERE } from './support/shared_fixtures.js'

const DRIVERS: Record<string, Driver> = { antminer, avalon, cgminer, luxos, sealminer, whatsminer }
const driverOf = (folder: string) =>
  folder.includes('/api3') ? whatsminerV3 : DRIVERS[folder.split('/')[0]!]!

/** A clock that moves 5 ms with every look. */
const steppingClock = () => {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  return () => (now += 5)
}

const readFixture = async (folder: string) => {
  const server = await serveFixture(folder)
  try {
    const { ports, credentials } = server
    const wire = createWire({ ip: '127.0.0.1', ports, credentials, deadlineMs: 5000 })
    return await readMiner(driverOf(folder), wire, steppingClock())
  } finally {
    await server.close()
  }
}

const FOLDERS = foldersOf(...Object.keys(DRIVERS))

test.group('Edge drivers | recorded miners', () => {
  for (const folder of FOLDERS) {
    test(`read ${folder} as expected`, async ({ assert }) => {
      const record = await readFixture(folder)
      assertMatches(assert, record, fixtureJson(`${folder}/expected.json`).normalized)
      assert.equal(record.observed_at, '2026-01-02T03:04:05.683Z')
      assert.isAbove(record.poll_ms, 0)
      assert.include(['ok', 'partial'], record.outcome, JSON.stringify(record.problems))
      assert.notMatch(JSON.stringify(record), /"pass(word)?"/i)
    })
  }

  test('have the folders of these families', ({ assert }) => {
    assert.isAtLeast(FOLDERS.length, 10)
  }).skip(!isHere, NOT_HERE)
})
