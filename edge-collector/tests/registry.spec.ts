import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { MINER_KEY } from '../protocol/sample.js'
import { isSomebodyElse, keyOf } from '../src/miners/key.js'
import { type Found, Registry } from '../src/miners/registry.js'

const START = Date.UTC(2026, 0, 5)

const found = (miner: string, ip: string, more: Partial<Found> = {}): Found => ({
  miner,
  ip,
  mac: null,
  serial: null,
  driver: 'antminer',
  make: 'Antminer',
  model: 'S19',
  firmwareFamily: 'stock',
  firmwareVersion: null,
  hostname: null,
  evidence: 'recorded',
  rangeId: null,
  ...more,
})

function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'edge-registry-'))
  let now = START
  const open = () => new Registry(join(folder, 'miners.db'), () => now)
  const self = {
    registry: open(),
    pass: (ms: number) => (now += ms),
    reopen() {
      self.registry.close()
      self.registry = open()
    },
    /** Where each machine stands, with an asterisk when it is gone. */
    places: () =>
      self.registry.all().map(({ key, ip, isGone }) => `${key}@${ip}${isGone ? '*' : ''}`),
    end() {
      self.registry.close()
      rmSync(folder, { recursive: true })
    },
  }
  return self
}

const everywhere = () => true

test.group('Registry', () => {
  test('a machine that moved is one machine, also after a restart', ({ assert }) => {
    const on = bench()
    on.registry.take([found('sn:AB12', '10.0.0.1')], everywhere)
    on.pass(1000)
    const { moved } = on.registry.take([found('sn:AB12', '10.0.0.9', { model: null })], everywhere)
    assert.lengthOf(moved, 1)
    on.reopen()
    const [miner] = on.registry.all()
    assert.deepInclude(miner, {
      ip: '10.0.0.9',
      firstSeenAt: START,
      lastSeenAt: START + 1000,
      model: 'S19',
    })
    on.end()
  })

  test('two that change places are both still there', ({ assert }) => {
    const on = bench()
    on.registry.take([found('sn:AAAA', '10.0.0.1'), found('sn:BBBB', '10.0.0.2')], everywhere)
    on.registry.take([found('sn:AAAA', '10.0.0.2'), found('sn:BBBB', '10.0.0.1')], everywhere)
    assert.deepEqual(on.places(), ['sn:AAAA@10.0.0.2', 'sn:BBBB@10.0.0.1'])
    on.end()
  })

  test('who is not found where it was looked for is gone, and comes back', ({ assert }) => {
    const on = bench()
    on.registry.take([found('sn:AAAA', '10.0.0.1'), found('sn:BBBB', '10.1.0.1')], everywhere)
    on.registry.take([], (ip) => ip.startsWith('10.0.'))
    assert.deepEqual(on.places(), ['sn:AAAA@10.0.0.1*', 'sn:BBBB@10.1.0.1'])
    on.registry.take([found('sn:AAAA', '10.0.0.1')], everywhere)
    assert.deepEqual(on.places(), ['sn:AAAA@10.0.0.1', 'sn:BBBB@10.1.0.1*'])
    on.end()
  })

  test('a machine in the place of another takes it, and is another', ({ assert }) => {
    const on = bench()
    on.registry.take([found('sn:AAAA', '10.0.0.1')], everywhere)
    on.registry.take([found('sn:CCCC', '10.0.0.1')], () => false)
    assert.deepEqual(on.places(), ['sn:AAAA@10.0.0.1*', 'sn:CCCC@10.0.0.1'])
    on.end()
  })

  test('a copy does not take the place of the machine that was there', ({ assert }) => {
    const on = bench()
    on.registry.take([found('sn:AAAA', '10.0.0.5')], everywhere)
    on.registry.take([found('sn:AAAA', '10.0.0.1'), found('sn:AAAA', '10.0.0.5')], everywhere)
    assert.deepEqual(on.places(), ['sn:AAAA@10.0.0.5'])
    assert.deepEqual(on.registry.all()[0]!.duplicateIps, ['10.0.0.1'])
    on.end()
  })

  test('remembers notes', ({ assert }) => {
    const on = bench()
    assert.isNull(on.registry.note('scan_request'))
    on.registry.setNote('scan_request', '3')
    on.registry.setNote('scan_request', '4')
    on.reopen()
    assert.equal(on.registry.note('scan_request'), '4')
    on.end()
  })
})

const marks = (mac: string | null, serial: string | null, board: string | null = null) => ({
  mac,
  serial_number: serial,
  hashboards: board === null ? null : [{ serial_number: null }, { serial_number: board }],
})

test.group('keyOf', () => {
  test('MAC before serial number before that of a board before the address', ({ assert }) => {
    const ip = '10.0.0.1'
    const cases: [ReturnType<typeof marks>, string][] = [
      [marks('02:aa:bb-cc:dd:ee', 'SN1234', 'B1234'), 'mac:02:AA:BB:CC:DD:EE'],
      [marks(null, 'SN1234', 'B1234'), 'sn:SN1234'],
      [marks(null, null, 'B1234'), 'board:B1234'],
      [marks(null, null), 'ip:10.0.0.1'],
      [marks('00:00:00:00:00:00', '0000000000', 'N/A'), 'ip:10.0.0.1'],
      [marks('ff:ff:ff:ff:ff:ff', 'To be filled by O.E.M.'), 'ip:10.0.0.1'],
      [marks('no mac', ' S N 1 2\n'), 'sn:SN12'],
    ]
    for (const [given, key] of cases) {
      assert.equal(keyOf(given, ip), key)
      assert.match(key, MINER_KEY)
    }
  })

  test('somebody else is who says so, not who is silent', ({ assert }) => {
    assert.isTrue(isSomebodyElse('mac:02:AA:BB:CC:DD:EE', marks('02:aa:bb:cc:dd:ef', null)))
    assert.isFalse(isSomebodyElse('mac:02:AA:BB:CC:DD:EE', marks('02:aa:bb:cc:dd:ee', null)))
    assert.isFalse(isSomebodyElse('mac:02:AA:BB:CC:DD:EE', marks(null, null)))
    assert.isTrue(isSomebodyElse('sn:SN1234', marks(null, 'SN9999')))
    assert.isFalse(isSomebodyElse('ip:10.0.0.1', marks(null, 'SN9999')))
  })
})
