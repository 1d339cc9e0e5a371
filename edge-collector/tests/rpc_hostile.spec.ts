import { resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import { checkSample, sampleOf } from '../protocol/sample.js'
import { readMiner } from '../src/drivers/read_miner.js'
import { driverNamed } from '../src/drivers/registry.js'
import {
  DEFAULT_PORTS,
  type Json,
  type JsonObject,
  type Wire,
  WireError,
} from '../src/wire/contract.js'
import { FIXTURES, fixtureJson, foldersOf, isHere, NOT_HERE } from './support/shared_fixtures.js'

const FOLDERS = foldersOf('antminer', 'avalon', 'cgminer', 'luxos', 'sealminer', 'whatsminer')
const LEAVES: Json[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  'x'.repeat(5000),
  '1e999',
  '__proto__',
  '-'.repeat(300),
  'PS[nan inf] MGHS[1 2 x',
  [],
  {},
  [[[]]],
]

/** The same numbers in every run. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

/** Leaves, lists and objects become something else, each with this chance. */
const mutated = (json: Json, chance: number, next: () => number): Json => {
  if (next() < chance) return LEAVES[Math.floor(next() * LEAVES.length)]!
  if (Array.isArray(json)) return json.map((item) => mutated(item, chance, next))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key, mutated(item, chance, next)])
  )
}

const wireOf = (folder: string, change: (json: Json) => Json): Wire => {
  const exchanges: any[] = fixtureJson(`${folder}/manifest.json`).exchanges
  const answer = async (matches: (entry: any) => boolean): Promise<any> => {
    const entry = exchanges.find(matches)
    if (!entry) throw new WireError('api_error', 'unknown')
    const json = JSON.parse(readFileSync(resolve(FIXTURES, folder, entry.file), 'utf8'))
    const changed = change(json)
    return typeof changed === 'object' && !Array.isArray(changed) ? (changed ?? {}) : {}
  }
  const rpc = (command: string, parameter?: string): Promise<JsonObject> =>
    answer(({ request }) => request?.command === command && request.parameter === parameter)
  return {
    ip: '10.0.0.1',
    ports: DEFAULT_PORTS,
    credentials: null,
    rpc,
    rpcRaw: ({ command }) => rpc(String(command)),
    v3: (cmd, param) => answer(({ request }) => request?.cmd === cmd && request.param === param),
    http: () => Promise.reject(new WireError('refused', 'nobody')),
    json: ({ path }) => answer((entry) => entry.path === path),
  }
}

const nameOf = (folder: string) =>
  folder.includes('/api3') ? 'whatsminer_v3' : folder.split('/')[0]!

test.group('Edge drivers | hostile answers', () => {
  for (const folder of FOLDERS) {
    test(`read whatever ${folder} may turn into`, async ({ assert }) => {
      for (const [index, chance] of Array.from({ length: 120 }, (_, i) => [i, (i % 12) / 12])) {
        const next = random(index! + 1)
        const wire = wireOf(folder, (json) => mutated(json, chance!, next))
        const record = await readMiner(driverNamed(nameOf(folder))!, wire, Date.now)
        const sample = sampleOf(record, 'ip:10.0.0.1', true)
        assert.isNull(checkSample(JSON.parse(JSON.stringify(sample))), `round ${index}`)
      }
    }).timeout(20_000)
  }

  test('have folders', ({ assert }) => {
    assert.isNotEmpty(FOLDERS)
  }).skip(!isHere, NOT_HERE)
})
