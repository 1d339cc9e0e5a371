import { parseRange, toNumber } from '../protocol/ranges.js'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import fc from 'fast-check'
import type { FoundMiner } from '../protocol/messages.js'
import type { Sample } from '../protocol/sample.js'
import { credentialsFor, loadSettings } from '../src/cli/settings.js'
import { Site } from '../src/cli/site.js'
import { networksOf } from '../src/discovery/ranges.js'
import { reportsOf } from '../src/discovery/report.js'
import { recognised } from '../src/miners/recognise.js'
import { DEFAULT_PACE, Schedule } from '../src/poll/schedule.js'
import { Strangers } from '../src/poll/strangers.js'
import { Refusal } from '../src/portal/refusal.js'
import type { Claimed } from '../src/store/claims.js'
import { DEFAULT_PORTS } from '../src/wire/contract.js'

const settingsWith = (text: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-settings-'))
  writeFileSync(join(folder, 'edge.json'), text)
  try {
    return loadSettings(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.group('Settings of a site', () => {
  test('give a login to whom it was meant for, and to nobody else', ({ assert }) => {
    const settings = settingsWith(
      JSON.stringify({
        credentials: [
          { addresses: '10.1.0.0/24', driver: 'antminer', user: 'root', password: 'a' },
          { addresses: '10.1.0.5-10.1.0.9', user: 'admin', password: 'b' },
        ],
      })
    )
    assert.equal(credentialsFor(settings, '10.1.0.5', 'antminer')?.password, 'a')
    assert.equal(credentialsFor(settings, '10.1.0.5', 'vnish')?.password, 'b')
    assert.isNull(credentialsFor(settings, '10.1.0.10', 'vnish'))
    assert.isNull(credentialsFor(settings, '10.2.0.5', 'antminer'))
  })

  for (const text of ['{', '[]', '{"statusPort":"80"}', '{"credentials":[{"addresses":"all"}]}']) {
    test(`refuse ${text} in one line`, ({ assert }) => {
      try {
        settingsWith(text)
        assert.fail('taken')
      } catch (error) {
        assert.instanceOf(error, Refusal)
        assert.notInclude((error as Error).message, '\n')
      }
    })
  }
})

test.group('Site', () => {
  const ranges = [
    { id: 'a', addresses: '10.0.0.0/24', ports: { rpc: 14_028 } },
    { id: 'b', addresses: '10.0.0.7', ports: { http: null as unknown as number } },
    { id: 'c', addresses: '8.8.8.0/24', ports: {} },
  ]

  test('a config cannot lead it out of the networks of this machine', ({ assert }) => {
    const site = new Site(ranges, { networks: ['10.0.0.0/25'] })
    assert.isTrue(site.isAllowed('10.0.0.127') || site.isAllowed('10.0.0.126'))
    assert.isFalse(site.isAllowed('10.0.0.200'))
    assert.isFalse(site.isAllowed('8.8.8.8'))
  })

  test('the smallest range says the ports; null is the default', ({ assert }) => {
    const site = new Site(ranges, { networks: ['10.0.0.0/8'] })
    assert.equal(site.rangeOf('10.0.0.6')?.ports.rpc, 14_028)
    assert.deepEqual(site.rangeOf('10.0.0.7')?.ports, DEFAULT_PORTS)
    assert.isNull(site.rangeOf('10.0.1.1'))
  })

  test('networks of a firewall are the range, no more and no less', ({ assert }) => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 5000 }), (first, more) => {
        const last = Math.min(first + more, 2 ** 32 - 1)
        let next = first
        for (const network of networksOf({ first, last })) {
          const [ip = '', bits = ''] = network.split('/')
          assert.equal(toNumber(ip), next)
          next += 2 ** (32 - Number(bits))
        }
        assert.equal(next, last + 1)
      })
    )
    assert.deepEqual(networksOf(parseRange('10.0.0.0-10.0.0.255')!), ['10.0.0.0/24'])
  })
})

const machine = (miner: string, ip: string, driver = 'antminer') =>
  ({ miner, ip, driver }) as FoundMiner

test.group('Machines that a scan found', () => {
  const known = [{ key: 'mac:A', ip: '10.0.0.1', driver: 'antminer', isGone: false }]

  test('one that does not say who it is, is who was there before', ({ assert }) => {
    const keysOf = (...found: FoundMiner[]) => recognised(found, known).map(({ miner }) => miner)
    assert.deepEqual(keysOf(machine('ip:10.0.0.1', '10.0.0.1')), ['mac:A'])
    assert.deepEqual(keysOf(machine('ip:10.0.0.1', '10.0.0.1', 'vnish')), ['ip:10.0.0.1'])
    assert.deepEqual(keysOf(machine('mac:B', '10.0.0.1')), ['mac:B'])
    assert.deepEqual(keysOf(machine('ip:10.0.0.1', '10.0.0.1'), machine('mac:A', '10.0.0.2')), [
      'ip:10.0.0.1',
      'mac:A',
    ])
  })

  test('only the last report of a whole scan ends it', ({ assert }) => {
    const scanned = { rangeId: null, startedAt: 1, finishedAt: 2, addresses: 3, isWhole: true }
    const found = Array.from({ length: 5001 }, (_, index) => machine(`ip:${index}`, '10.0.0.1'))
    const reports = reportsOf({ ...scanned, found })
    assert.deepEqual(
      reports.map(({ isPartial, found: part }) => [isPartial, part.length]),
      [
        [true, 5000],
        [false, 1],
      ]
    )
    assert.equal(new Set(reports.map(({ scanId }) => scanId)).size, 1)
    assert.isFalse(reportsOf({ ...scanned, found: [] })[0]!.isPartial)
    assert.isTrue(reportsOf({ ...scanned, found: [], isWhole: false })[0]!.isPartial)
  })
})

test.group('Strangers', () => {
  test('are asked seldom until the portal counts them among ours', ({ assert }) => {
    const schedule = new Schedule({ ...DEFAULT_PACE, pollMs: 10_000 })
    schedule.set(['ip:1', 'ip:2'], 0)
    const strangers = new Strangers(schedule)
    const samples = ['ip:1', 'ip:2'].map((miner) => ({ miner }) as Sample)
    const claimed = { samples: () => samples } as Claimed
    const quarantined = [
      { index: 0, field: 'miner', reason: 'not_ours' },
      { index: 1, field: 'at', reason: 'too_old' },
      { index: 99, field: 'miner', reason: 'not_ours' },
    ]
    const aside = strangers.hear(claimed, { ackSeq: 1, quarantined })
    assert.deepEqual(aside, [quarantined[1]!])
    assert.equal(strangers.count, 1)
    assert.deepEqual(turnsIn(schedule, 0, 600_000), { 'ip:1': 3, 'ip:2': 60 })
    assert.deepEqual(strangers.hear(claimed, { ackSeq: 2, quarantined: [] }), [])
    assert.equal(strangers.count, 0)
    turnsIn(schedule, 600_000, 900_000)
    assert.deepEqual(turnsIn(schedule, 900_000, 1_500_000), { 'ip:1': 60, 'ip:2': 60 })
  })
})

/** How often each is asked. */
function turnsIn(schedule: Schedule, from: number, to: number) {
  const turns: Record<string, number> = {}
  for (let now = from; now < to; now += 1000) {
    for (const { miner } of schedule.due(now)) {
      turns[miner] = (turns[miner] ?? 0) + 1
      schedule.finished(miner, now, { isReachable: true, isAnomaly: false })
    }
  }
  return turns
}
