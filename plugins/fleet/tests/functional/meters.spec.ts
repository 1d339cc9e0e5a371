import { test } from '@japa/runner'
import { asSystem } from '#tests/helpers'
import { meterIntervals } from '../../services/meter_history.js'
import { FakeCollector } from '../support/fake_collector.js'
import { allow, makeMeter, readingOf, rollUp } from '../support/meter_rows.js'

const BUCKET = 300_000
async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  return collector
}

test.group('Readings of meters', () => {
  test('are stored once, live and by five minutes, with energy by the counter', async ({
    assert,
  }) => {
    const collector = await site()
    const meter = await makeMeter(collector)
    const start = Date.now() - (Date.now() % BUCKET) - 4 * BUCKET
    // 36 kW: 300 Wh in each 30 s.
    const meters = Array.from({ length: 31 }, (_, index) =>
      readingOf(meter, {
        at: start + index * 30_000,
        power_w: 36_000,
        energy_import_wh: 1_000_000 + 300 * index,
      })
    )
    const seq = (collector.seq += 1)
    const answer = await collector.sendAs(seq, [], { meters })
    assert.deepEqual([answer.status, answer.body], [200, { ackSeq: seq, quarantined: [] }])
    const again = await collector.sendAs(seq, [], { meters })
    assert.equal(again.status, 200)
    const other = await collector.sendAs(seq, [], { meters: meters.slice(1) })
    assert.equal(other.status, 409)
    assert.lengthOf(await collector.rows('fleet_meter_raw'), 31)
    const [live] = await collector.rows('fleet_meter_live')
    assert.deepEqual([live.power_w, Number(live.energy_import_wh)], [36_000, 1_009_000])
    assert.isNull(live.temperature_c)

    assert.isAbove(await rollUp(collector), 0)
    assert.equal(await rollUp(collector), 0)
    const rows = await asSystem(collector.tenant, () =>
      meterIntervals(meter.no, {
        from: new Date(start),
        to: new Date(start + 3 * BUCKET),
        minutes: 5,
      })
    )
    assert.deepEqual(
      rows.map(({ energyWh, demandW, coverage }) => [energyWh, demandW, coverage]),
      [
        [3000, 36_000, 1],
        [3000, 36_000, 1],
        [3000, 36_000, 1],
      ]
    )
    for (const { powerEnergyWh } of rows) assert.closeTo(powerEnergyWh!, 3000, 1e-6)
  })

  test('that come late move only what they touch, and add up', async ({ assert }) => {
    const collector = await site()
    const meter = await makeMeter(collector)
    const start = Date.now() - (Date.now() % BUCKET) - 8 * BUCKET
    const at = (index: number) =>
      readingOf(meter, { at: start + index * 30_000, energy_import_wh: 5000 + 10 * index })
    const steps = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => at(from + index))
    await collector.send([], { meters: [...steps(0, 10), ...steps(30, 41)] })
    await rollUp(collector)
    const sums = async () => {
      const rows = await collector.rows('fleet_meter_5min')
      return rows
        .sort((a, b) => a.bucket - b.bucket)
        .map((row) => [
          (row.bucket.getTime() - start) / BUCKET,
          row.energy_import_wh === null ? null : Number(row.energy_import_wh),
          row.gap_energy_wh === null ? null : Number(row.gap_energy_wh),
        ])
    }
    assert.deepEqual(await sums(), [
      [0, 90, null],
      [3, 100, 210],
      [4, null, null],
    ])
    await collector.send([], { meters: steps(10, 30), isBackfill: true })
    await rollUp(collector)
    assert.deepEqual(await sums(), [
      [0, 100, null],
      [1, 100, null],
      [2, 100, null],
      [3, 100, null],
      [4, null, null],
    ])
  })

  test('that are bad or of another collector are kept aside, the rest is taken', async ({
    assert,
  }) => {
    const collector = await site()
    const meter = await makeMeter(collector)
    const foreign = await makeMeter(await site())
    const answer = await collector.send([], {
      meters: [
        readingOf(meter, { power_w: Number.NaN }),
        readingOf(meter, { energy_import_wh: 0.5 }),
        readingOf(foreign, { power_w: 1 }),
        readingOf(meter, { at: Date.now() + 3_600_000 }),
        readingOf(meter, { power_w: 5 }),
      ].map((one) => JSON.parse(JSON.stringify(one).replace('"power_w":null', '"power_w":"much"'))),
    })
    assert.deepEqual(answer.body.quarantined, [
      { index: 0, field: 'power_w', reason: 'not_a_number', of: 'meters' },
      { index: 1, field: 'energy_import_wh', reason: 'not_an_integer', of: 'meters' },
      { index: 2, field: 'meter', reason: 'not_ours', of: 'meters' },
      { index: 3, field: 'at', reason: 'in_the_future', of: 'meters' },
    ])
    assert.lengthOf(await collector.rows('fleet_meter_raw'), 1)
    assert.lengthOf(await collector.rows('fleet_quarantine'), 3)
  })
})
