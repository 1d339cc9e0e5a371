import { test } from '@japa/runner'
import type { FaultRow } from '../src/simulator/fleet_file.js'
import { antminers, openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.34.0'
const HOUR = 3600
const DAY = 24 * HOUR

test.group('Simulator | what a collector reads of faults', (group) => {
  let site: SimulatedSite
  const open = async (faults: FaultRow[], groups = antminers(NET, 2)) =>
    (site = await openSimulatedSite({ groups, faults }))
  group.each.teardown(() => site.close())

  test('a fan that stands, chips that are gone, a board that died', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'fan', atS: 10, forS: HOUR, indexes: [0], slot: 2 },
      { kind: 'chip_dropout', atS: 10, forS: HOUR, indexes: [0], slot: 1, share: 0.25 },
      { kind: 'board_loss', atS: 10, forS: HOUR, indexes: [1], slot: 0 },
    ])
    clock.advance(60)
    const [hurt, short] = [await read(0), await read(1)]
    assert.deepEqual(
      hurt.fans!.filter(({ rpm }) => rpm === 0).map(({ slot }) => slot),
      [2]
    )
    // 108 chips on a board of an S21.
    assert.deepEqual(
      hurt.hashboards!.map((board) => board.chips_working),
      [108, 81, 108]
    )
    assert.deepEqual(
      short.hashboards!.map((board) => board.chips_working ?? 0),
      [0, 108, 108]
    )
    assert.closeTo(short.hashrate_ths!, (200 * 2) / 3, 12)
    clock.advance(2 * HOUR)
    const healed = await read(1)
    assert.closeTo(healed.hashrate_ths!, 200, 20)
    assert.lengthOf(
      (await read(0)).fans!.filter(({ rpm }) => rpm === 0),
      0
    )
  })

  test('pools that reject or are dead', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'pool_rejects', atS: 0, indexes: [0], share: 0.25 },
      { kind: 'pool_dead', atS: 0, indexes: [1] },
    ])
    clock.advance(1)
    const before = await read(0)
    clock.advance(10 * HOUR)
    const after = await read(0)
    const rejected = after.shares_rejected! - before.shares_rejected!
    const accepted = after.shares_accepted! - before.shares_accepted!
    assert.closeTo(rejected / (rejected + accepted), 0.25, 0.01)
    const { pools } = await read(1)
    assert.deepEqual(
      pools!.map(({ alive }) => alive),
      [false, true]
    )
  })

  test('dust that makes it hotter from day to day', async ({ assert }) => {
    const { clock, read } = await open([{ kind: 'dust', atS: 0, indexes: [0], share: 0.05 }])
    clock.advance(60)
    const clean = await read(0)
    clock.advance(4 * DAY)
    const dusty = await read(0)
    const clear = await read(1)
    assert.isAbove(dusty.temp_max_c!, clean.temp_max_c! + 4)
    assert.closeTo(clear.temp_max_c!, clean.temp_max_c!, 4)
  })

  test('watts without hashrate, and neither', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'zero_hashrate', atS: 0, indexes: [0] },
      { kind: 'psu', atS: 0, indexes: [1] },
    ])
    clock.advance(HOUR)
    const [idle, dark] = [await read(0), await read(1)]
    assert.equal(idle.hashrate_ths, 0)
    assert.isAbove(idle.wattage_w!, 3000)
    assert.equal(dark.hashrate_ths, 0)
    assert.isBelow(dark.wattage_w!, 100)
  })

  test('fields that are left out are unknown, not 0', async ({ assert }) => {
    const fields = ['hashrateThs', 'powerW', 'fans']
    const { read } = await open([{ kind: 'missing_fields', atS: 0, indexes: [0], fields }])
    const [record, whole] = [await read(0), await read(1)]
    assert.deepEqual([record.hashrate_ths, record.wattage_w, record.fans], [null, null, null])
    assert.isAbove(record.hashrate_avg_ths!, 0)
    assert.isAbove(whole.wattage_w!, 0)
  })

  test('a planned mode that comes and goes', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'mode_change', atS: 10, forS: HOUR, indexes: [0], mode: 'low' },
    ])
    clock.advance(HOUR)
    assert.deepEqual((await read(0)).tuning_target, { type: 'mode', value: 'low' })
    clock.advance(HOUR)
    assert.deepEqual((await read(0)).tuning_target, { type: 'mode', value: 'normal' })
  })

  test('a machine that comes up again during a curtailment sleeps on', async ({ assert }) => {
    const { clock, fleet, read } = await open([
      { kind: 'reboot_loop', atS: 10, forS: 30, indexes: [0], periodS: 900 },
      { kind: 'curtailment', atS: 15, forS: HOUR, indexes: [0] },
    ])
    clock.advance(20)
    assert.isTrue(fleet.machine(0).isDown)
    clock.advance(200)
    assert.equal((await read(0)).state, 'paused')
    clock.advance(2 * HOUR)
    assert.equal((await read(0)).state, 'mining')
  })

  test('another version, another firmware with its own password', async ({ assert }) => {
    const { clock, read, scan, fleet } = await open([
      { kind: 'firmware_upgrade', atS: 10, indexes: [0], version: 'Mon Jun  1 00:00:00 CST 2026' },
      { kind: 'firmware_upgrade', atS: 10, indexes: [1], becomes: 'Antminer S19K Pro (LuxOS)' },
    ])
    const { serial_number: serial } = await read(0)
    clock.advance(HOUR)
    const { found } = await scan(`${NET}.0/28`)
    assert.deepEqual(
      found.map(({ driver, firmwareVersion }) => [driver, firmwareVersion]),
      [
        ['antminer', 'Mon Jun  1 00:00:00 CST 2026'],
        ['luxos', '2025.4.8.220305'],
      ]
    )
    assert.equal((await read(0)).serial_number, serial)
    assert.equal((await read(1)).outcome, 'ok')
    assert.isBelow(fleet.machine(1).now().uptimeS, HOUR)
  })

  test('one that moved and two that show the same MAC', async ({ assert }) => {
    const { clock, scan, fleet } = await open(
      [
        { kind: 'ip_change', atS: 60, indexes: [0], becomes: `${NET}.9` },
        { kind: 'duplicate_mac', atS: 60, indexes: [1], becomes: `${NET}.3` },
      ],
      antminers(NET, 3)
    )
    const places = async () => {
      const { found } = await scan(`${NET}.0/28`)
      return found.map(({ ip, mac }) => `${ip} ${mac}`)
    }
    const macs = [...fleet.machines()].map(({ mac }) => mac)
    assert.deepEqual(
      await places(),
      macs.map((mac, place) => `${NET}.${place + 1} ${mac}`)
    )
    clock.advance(61)
    assert.deepEqual(await places(), [
      `${NET}.2 ${macs[2]}`,
      `${NET}.3 ${macs[2]}`,
      `${NET}.9 ${macs[0]}`,
    ])
  })

  test('a clock that is wrong', async ({ assert }) => {
    const { fleet } = await open([{ kind: 'clock_wrong', atS: 0, indexes: [0], offsetS: -5 * DAY }])
    assert.equal(fleet.machine(1).now().at - fleet.machine(0).now().at, 5 * DAY * 1000)
  })
})
