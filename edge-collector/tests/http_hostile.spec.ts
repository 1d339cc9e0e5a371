import { test } from '@japa/runner'
import { checkSample, sampleOf } from '../protocol/sample.js'
import type { Driver } from '../src/drivers/contract.js'
import { HTTP_DRIVERS } from '../src/drivers/http_drivers.js'
import { readMiner } from '../src/drivers/read_miner.js'
import { createSession } from '../src/drivers/session.js'
import { DEFAULT_PORTS, type Json, type Wire, WireError } from '../src/wire/contract.js'
import { fixtureJson, foldersOf, isHere, NOT_HERE } from './support/shared_fixtures.js'

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

const LONG = 'x'.repeat(5000)
const LEAVES: [name: string, value: Json][] = [
  ['null', null],
  ['true', true],
  ['-1', -1],
  ['1e308', 1e308],
  ['half a pair of surrogates', `${'y'.repeat(38)}\uD83D\uDE00\uD83D`],
  ['a long text', LONG],
  ['"1e999"', '1e999'],
  ['"__proto__"', '__proto__'],
  ['an empty list', []],
  ['an empty object', {}],
  ['lists in lists', [[[]]]],
]

/** Everything that is no object or list becomes the value. */
const withLeaves = (json: Json, value: Json): Json => {
  if (Array.isArray(json)) return json.map((item) => withLeaves(item, value))
  if (typeof json !== 'object' || json === null) return value
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key, withLeaves(item, value)])
  )
}

/** Every list becomes a very long one. */
const withLongLists = (json: Json): Json => {
  if (Array.isArray(json)) {
    const items = json.map(withLongLists)
    return Array.from({ length: 400 }, (_, index) => items[index % items.length] ?? null)
  }
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, withLongLists(item)]))
}

const wireOf = (answer: (key: string) => Json): Wire => {
  const json: Wire['json'] = async ({ path, body }) => {
    const query = (body as { operationName?: string } | undefined)?.operationName
    return answer(query ?? path.split('?')[0]!)
  }
  const rpc: Wire['rpc'] = async (command) => {
    const found = answer(command)
    if (typeof found !== 'object' || found === null || Array.isArray(found)) {
      throw new WireError('not_json', 'no object')
    }
    return found
  }
  return {
    ip: '127.0.0.1',
    ports: DEFAULT_PORTS,
    credentials: null,
    rpc,
    rpcRaw: () => Promise.reject(new WireError('unsupported', 'not here')),
    v3: () => Promise.reject(new WireError('unsupported', 'not here')),
    http: async (request) => ({
      status: 200,
      headers: {},
      text: JSON.stringify(await json(request)),
    }),
    json,
  }
}

/** The recorded answers of a folder, changed. */
const changed = (folder: string, change: (json: Json) => Json): Wire => {
  const answers = new Map<string, Json>()
  for (const { request, query_name: query, path, file } of fixtureJson(`${folder}/manifest.json`)
    .exchanges) {
    answers.set(query ?? path ?? request.command, change(fixtureJson(`${folder}/${file}`)))
  }
  return wireOf((key) => {
    const found = answers.get(key)
    if (found === undefined) throw new WireError('api_error', 'not here')
    return found
  })
}

const namesOf = (folder: string): Driver[] => {
  const family = folder
    .split('/')[0]!
    .replace('scrypt-', '')
    .replace(/bitaxe|nerdaxe/, 'axeos')
  return HTTP_DRIVERS.filter(({ name }) => name.startsWith(family))
}

const faultOf = async (driver: Driver, wire: Wire) => {
  const record = await readMiner(driver, wire, () => 1_700_000_000_000)
  return { record, fault: checkSample(sampleOf(record, 'ip:127.0.0.1', true)) }
}

test.group('Edge | hostile miners over HTTP', () => {
  for (const folder of FOLDERS) {
    test(`read nothing of ${folder} that the portal would refuse`, async ({ assert }) => {
      for (const driver of namesOf(folder)) {
        for (const [name, value] of LEAVES) {
          const wire = changed(folder, (json) => withLeaves(json, value))
          const { record, fault } = await faultOf(driver, wire)
          assert.isNull(fault, `${driver.name} with ${name}: ${JSON.stringify(fault)}`)
          assert.isAbove(JSON.stringify(record).length, 0)
        }
        const { fault } = await faultOf(driver, changed(folder, withLongLists))
        assert.isNull(fault, `${driver.name} with long lists: ${JSON.stringify(fault)}`)
      }
    })
  }

  test('have folders to change', ({ assert }) => {
    assert.isAtLeast(FOLDERS.length, 12)
  }).skip(!isHere, NOT_HERE)

  for (const { name } of HTTP_DRIVERS) {
    test(`take no nonsense for a miner of ${name}`, async ({ assert }) => {
      const driver = HTTP_DRIVERS.find((each) => each.name === name)!
      for (const json of [null, 0, '', 'Nerd', [], {}, [[]], { data: null }, { error: 'no' }]) {
        const wire = wireOf(() => json as Json)
        assert.isNull(await driver.confirm(createSession(wire)), JSON.stringify(json))
        const { record, fault } = await faultOf(driver, wire)
        assert.isNull(fault, JSON.stringify(fault))
        assert.isNotTrue(record.is_mining)
        assert.isNull(record.hashrate_ths)
      }
    })
  }
})
