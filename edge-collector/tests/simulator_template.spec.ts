import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from '@japa/runner'
import { checkFleet } from '../src/simulator/fleet_file.js'
import { Fleet } from '../src/simulator/fleet.js'
import { stateOf } from '../src/simulator/control.js'
import { VirtualClock } from '../src/simulator/clock.js'
import { templateIn } from '../src/simulator/template.js'
import { assertMatches } from './support/expected.js'
import { FIXTURES, fixtureJson, foldersOf, isHere, NOT_HERE } from './support/shared_fixtures.js'
import { openSimulatedSite } from './support/simulated_site.js'

/** Which driver reads a recording, by how its folder begins; Auradine has a port that is not played. */
const DRIVERS: readonly [beginning: string, driver: string][] = [
  ['antminer/', 'antminer'],
  ['avalon/', 'avalon'],
  ['bitaxe/', 'axeos'],
  ['braiins/os-21', 'braiins_graphql'],
  ['braiins/os-25.03', 'braiins_graphql'],
  ['braiins/', 'braiins_rest'],
  ['cgminer/', 'cgminer'],
  ['epic/', 'epic'],
  ['luxos/', 'luxos'],
  ['nerdaxe/', 'axeos'],
  ['proto/', 'proto'],
  ['scrypt-blackminer/', 'blackminer'],
  ['scrypt-elphapex/', 'elphapex'],
  ['sealminer/', 'sealminer'],
  ['vnish/', 'vnish'],
  ['whatsminer/api3', 'whatsminer_v3'],
  ['whatsminer/', 'whatsminer'],
]
const driverOf = (folder: string) => DRIVERS.find(([start]) => folder.startsWith(start))![1]
const FOLDERS = foldersOf(...new Set(DRIVERS.map(([start]) => start.split('/')[0]!)))

const NET = '127.39.0'

test.group('Simulator | recordings of real machines', () => {
  for (const folder of FOLDERS) {
    test(`${folder} is read as expected, under a name of its own`, async ({ assert }) => {
      const groups = [{ template: resolve(FIXTURES, folder), count: 2, base: `${NET}.1` }]
      const site = await openSimulatedSite({ groups })
      try {
        const machine = site.fleet.machine(1)
        const {
          mac,
          hostname,
          serial_number: serial,
        } = fixtureJson(`${folder}/expected.json`).normalized
        const record = await site.read(1, driverOf(folder))
        const own = {
          ...(mac ? { mac: machine.mac } : {}),
          ...(hostname ? { hostname: machine.hostname } : {}),
          ...(serial ? { serial_number: machine.serial } : {}),
        }
        const { normalized } = fixtureJson(`${folder}/expected.json`)
        assertMatches(assert, record, { ...normalized, ...own })
        assert.include(['ok', 'partial'], record.outcome)
      } finally {
        await site.close()
      }
    })
  }

  test('have the recordings', ({ assert }) => {
    assert.isAtLeast(FOLDERS.length, 18)
  }).skip(!isHere, NOT_HERE)
})

const VERSION =
  '{"STATUS":[{"STATUS":"S","Code":22}],"VERSION":[{"Type":"Antminer S19","API":"3.1"}]}'
const SUMMARY =
  '{"STATUS":[{"STATUS":"S"}],"SUMMARY":[{"GHS 5s":95123.4,"GHS av":94000,"MAC":"aa-bb-cc-dd-ee-0f"}]}'
const INFO =
  '{"minertype":"Antminer S19","macaddr":"AA:BB:CC:DD:EE:0F","hostname":"antMiner","serinum":"OLDSERIAL1"}'

test.group('Simulator | a recording', (group) => {
  let folder: string
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  group.each.setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-template-'))
    write('rpc/version.json', VERSION)
    write('rpc/summary.json', SUMMARY)
    write('web/info.json', INFO)
    const rpc = (command: string) => ({
      transport: 'cgminer-tcp',
      request: { command },
      file: `rpc/${command}.json`,
    })
    const reboot = { method: 'GET', path: '/cgi-bin/reboot.cgi', file: 'web/info.json' }
    const exchanges = [
      rpc('version'),
      rpc('summary'),
      { transport: 'http', path: '/cgi-bin/get_system_info.cgi', file: 'web/info.json' },
      { transport: 'http', ...reboot, write: true },
    ]
    write('manifest.json', JSON.stringify({ family: 'antminer', version: 'mine', exchanges }))
    return () => rmSync(folder, { recursive: true })
  })
  const groups = (count = 1) => [{ template: folder, count, base: `${NET}.1` }]

  test('stands among others, is found by a scan and has an identity of its own', async ({
    assert,
  }) => {
    const site = await openSimulatedSite({
      groups: [...groups(3), { model: 'Antminer S21', count: 1, base: `${NET}.9` }],
    })
    try {
      const { found } = await site.scan(`${NET}.0/28`)
      const macs = [0, 1, 2, 3].map((index) => site.fleet.machine(index).mac)
      assert.sameMembers(
        found.map(({ mac }) => mac),
        macs
      )
      const [first] = found.filter(({ ip }) => ip === `${NET}.1`)
      assert.containSubset(first, {
        driver: 'antminer',
        model: 'S19',
        serial: site.fleet.machine(0).serial,
        hostname: 'replay-0',
      })
      // What they hash behind their answers is of no meaning.
      const { hashrateThs, miners, mining } = stateOf(site.fleet)
      assert.closeTo(hashrateThs, 200, 20)
      assert.deepEqual([miners, mining], [4, 1])
    } finally {
      await site.close()
    }
  })

  test('has the faults of the wire, and takes no orders', async ({ assert }) => {
    const faults = [
      { kind: 'refused' as const, atS: 100, forS: 100, indexes: [0] },
      { kind: 'truncated' as const, atS: 300, indexes: [0] },
    ]
    const site = await openSimulatedSite({ groups: groups(), faults })
    try {
      assert.closeTo((await site.read(0, 'antminer')).hashrate_ths!, 95.1234, 1e-9)
      const told = await site.fleet.machine(0).face.http!(site.fleet.machine(0), {
        method: 'GET',
        path: '/cgi-bin/reboot.cgi',
        headers: {},
        body: '',
      })
      assert.equal(told.status, 404)
      assert.isEmpty(site.commands)
      site.clock.advance(150)
      assert.equal((await site.read(0, 'antminer')).problems[0]?.kind, 'refused')
      site.clock.advance(200)
      assert.include(
        (await site.read(0, 'cgminer')).problems.map(({ kind }) => kind),
        'truncated'
      )
    } finally {
      await site.close()
    }
  })

  test('keeps every other byte', ({ assert }) => {
    write('rpc/summary.json', '{"SUMMARY":[{"MHS av":1.50}{"MAC":"aa-bb-cc-dd-ee-0f"},]} ')
    const clock = new VirtualClock(0, 0)
    const machine = new Fleet({ file: { seed: 1, groups: groups() }, clock }).machine(0)
    const json = { command: 'summary' }
    const own = machine.mac.replaceAll(':', '-').toLowerCase()
    assert.equal(
      machine.face.rpc!(machine, { text: '', json }),
      `{"SUMMARY":[{"MHS av":1.50}{"MAC":"${own}"},]} \0`
    )
  })

  test('is refused with a reason', ({ assert }) => {
    const fleet = (given: object) =>
      new Fleet({
        file: { seed: 1, groups: [{ count: 1, base: `${NET}.1`, ...given }] },
        clock: new VirtualClock(0, 0),
      })
    assert.throws(() => fleet({ template: join(folder, 'nowhere') }), /template .*nowhere/)
    assert.throws(() => fleet({}), 'either a model, a template or a stranger')
    assert.throws(() => fleet({ template: folder, model: 'A1246' }), 'either')
    write('manifest.json', '{"exchanges":[{"transport":"http","file":"../../etc/passwd"}]}')
    assert.throws(() => templateIn(folder), 'outside')
    write('manifest.json', '[]')
    assert.throws(() => templateIn(folder), 'no exchanges')
    assert.isNull(checkFleet({ seed: 1, groups: groups() }))
    assert.isNotNull(checkFleet({ seed: 1, groups: [{ ...groups()[0], template: 7 }] }))
  })
})
