import { test } from '@japa/runner'
import { toMac, toPoolUrl, toAvalonModel, cleanText } from '../src/values/text.js'
import { toCelsius, toSensors } from '../src/values/temperature.js'
import { toGeneration } from '../src/values/whatsminer_generation.js'
import { toNumber, toWatts } from '../src/values/number.js'
import { toThs } from '../src/values/units.js'
import { at, countAt, numberAt } from '../src/values/json.js'
import { differences } from './support/expected.js'
import { fixtureJson, isHere, NOT_HERE } from './support/shared_fixtures.js'

const HELPERS: Record<string, (...input: any[]) => unknown> = {
  number: toNumber,
  mac: toMac,
  hashrate_to_ths: toThs,
  antminer_temps: toSensors,
  whatsminer_generation: toGeneration,
  placeholder_temp_c: toCelsius,
  whatsminer_power_w: toWatts,
}
const TABLES = isHere ? fixtureJson('scalars/tables.json') : {}

test.group('Edge values | tables', () => {
  for (const name of Object.keys(HELPERS)) {
    test(`match every row of ${name}`, ({ assert }) => {
      assert.isNotEmpty(TABLES[name])
      for (const row of TABLES[name]) {
        const input = row.slice(0, -1)
        assert.deepEqual(differences(HELPERS[name]!(...input), row.at(-1), String(input)), [])
      }
    }).skip(!isHere, NOT_HERE)
  }

  test('know a helper for every table', ({ assert }) => {
    const names = Object.keys(TABLES).filter((name) => Array.isArray(TABLES[name]))
    assert.sameMembers(names, Object.keys(HELPERS))
  }).skip(!isHere, NOT_HERE)
})

test.group('Edge values', () => {
  test('take no number from what only begins like one', ({ assert }) => {
    for (const text of ['0x00', '1,5', '1 2', '12-13', 'inf', '1e999', ' ', '9'.repeat(99)]) {
      assert.isNull(toNumber(text), text)
    }
    assert.isNull(toNumber(Number.POSITIVE_INFINITY))
    assert.isNull(toNumber(true))
    assert.equal(toNumber('0'), 0)
    assert.equal(toNumber('-3.5 °C'), -3.5)
  })

  test('keep a cold fluid and drop what no sensor measures', ({ assert }) => {
    assert.equal(toCelsius(-5), -5)
    assert.isNull(toCelsius(255))
    assert.isNull(toCelsius('nan'))
  })

  test('take credentials out of a pool address', ({ assert }) => {
    assert.equal(
      toPoolUrl('stratum+tcp://me:secret@pool.example:3333'),
      'stratum+tcp://pool.example:3333'
    )
    assert.equal(toPoolUrl('me:p@ss@pool.example:3333'), 'pool.example:3333')
    assert.equal(toPoolUrl('stratum+tcp://pool.example:3333'), 'stratum+tcp://pool.example:3333')
  })

  test('give null for a hashrate in a unit that nobody knows', ({ assert }) => {
    assert.isNull(toThs(5, 'Sol/s'))
    assert.isNull(toThs(5, undefined))
    assert.isNull(toThs(-1, 'GH/s'))
  })

  test('name Avalon models as they are sold', ({ assert }) => {
    assert.equal(toAvalonModel('AvalonMiner 1246-83'), 'A1246')
    assert.equal(toAvalonModel('Avalon Q'), 'Q')
    assert.equal(toAvalonModel('Avalon Nano3s'), 'Nano3s')
  })

  test('read own keys only and whole counts only', ({ assert }) => {
    assert.isUndefined(at({}, 'constructor'))
    const hostile = JSON.parse('{"__proto__":{"x":1},"n":-1,"m":"7"}')
    assert.isUndefined(at(hostile, 'x'))
    assert.isNull(countAt(hostile, 'n'))
    assert.equal(numberAt(hostile, 'x', 'm'), 7)
  })

  test('cap and clean the texts of a miner', ({ assert }) => {
    assert.equal(cleanText(' a\u0000b\nc '), 'abc')
    assert.lengthOf(cleanText('x'.repeat(5000))!, 200)
    assert.isNull(cleanText({}))
  })
})
