import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { checkMeterSample, type MeterSample } from '../protocol/meters.js'
import { demoDeviceFaults } from '../src/simulator/demo_faults.js'
import { queuePast } from '../src/simulator/past.js'
import { Queue } from '../src/store/queue.js'

const START = Date.UTC(2026, 5, 1)
const HOUR_MS = 3_600_000

test.group('Simulator | the past', () => {
  test('has the devices of each site in its own queue, apart from the miners', ({
    assert,
    cleanup,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'past-'))
    cleanup(() => rmSync(folder, { recursive: true }))
    const [meter, pdu] = [randomUUID(), randomUUID()]
    const devices = [
      { kind: 'abb_meter' as const, ip: '127.38.1.100', first: 0, count: 4 },
      {
        kind: 'microbt_container' as const,
        ip: '127.38.2.100',
        first: 4,
        count: 3,
        faults: [{ kind: 'leak' as const, atS: 600, forS: 300 }],
      },
    ]
    const groups = [
      { model: 'Antminer S21', count: 4, base: '127.38.1.1' },
      { model: 'M60S_VK30', count: 3, base: '127.38.2.1' },
    ]
    queuePast({
      file: { seed: 1, groups, devices },
      from: START,
      to: START + HOUR_MS,
      maxBytes: 1e8,
      queueOf: (ip) => join(folder, ip.split('.')[2]!),
      unitsOf: (ip) =>
        ip === '127.38.1.100'
          ? [{ unit: 1, meter }]
          : [
              { unit: 9, meter: pdu },
              { unit: 99, meter: randomUUID() },
            ],
    })
    const first = itemsOf(join(folder, '1'))
    assert.lengthOf(first.samples, 4 * 30)
    assert.lengthOf(first.meters, 30)
    assert.isTrue(
      first.meters.every((one) => one.meter === meter && checkMeterSample(one) === null)
    )
    const energy = first.meters.map((one) => one.energy_import_wh!)
    assert.deepEqual(
      energy,
      energy.toSorted((a, b) => a - b)
    )
    const second = itemsOf(join(folder, '2')).meters
    // Every two minutes; from the tenth to the fifteenth there is water.
    assert.deepEqual(
      second.filter(({ alarms }) => alarms!.length > 0).map(({ at }) => (at - START) / 60_000),
      [10, 12, 14]
    )
    assert.isTrue(second.every((one) => one.meter === pdu && one.outlets_on === 3))
  })

  test('of a demo has water and a pump that stands, never for long', ({ assert }) => {
    const rows = demoDeviceFaults()
    const day = rows.filter(({ atS }) => atS < 86_400)
    assert.deepEqual(
      day.map(({ kind, forS }) => [kind, forS]),
      [
        ['leak', 900],
        ['pump', 50],
        ['leak', 900],
        ['leak', 900],
        ['pump', 50],
      ]
    )
  })
})

function itemsOf(file: string) {
  const queue = new Queue({ file, maxBytes: 1e8, clock: () => START + 2 * HOUR_MS })
  const found = { samples: [] as unknown[], meters: [] as MeterSample[] }
  try {
    for (;;) {
      const claimed = queue.claims.oldest(START + 2 * HOUR_MS)
      if (!claimed) return found
      found[claimed.kind].push(...(claimed.items() as MeterSample[]))
    }
  } finally {
    queue.close()
  }
}
