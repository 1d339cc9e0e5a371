import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeMember } from '#tests/helpers'
import Meter from '../../models/meter.js'
import { changeMeter, removeMeter } from '../../services/meters.js'
import { meterIntervals } from '../../services/meter_history.js'
import { FakeCollector } from '../support/fake_collector.js'
import { allow, makeMeter, readingOf, rollUp, WISH } from '../support/meter_rows.js'

const MINUTE = 60_000
const BUCKET = 300_000

async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  return { collector, meter: await makeMeter(collector) }
}
type Site = Awaited<ReturnType<typeof site>>

const START = () => Date.now() - 60 * MINUTE

/** Readings a minute apart, each with the alarms that it says. */
const say = ({ collector, meter }: Site, from: number, ...alarms: (string[] | null)[]) =>
  collector.send([], {
    meters: alarms.map((codes, index) =>
      readingOf(meter, { at: from + index * MINUTE, alarms: codes })
    ),
  })

const listed = async ({ collector }: Site) =>
  (await collector.rows('fleet_alarms')).filter(({ cleared_at: at }) => at === null)

const events = async ({ collector }: Site) =>
  (await collector.rows('audit_events'))
    .map(({ name }) => name as string)
    .filter((name) => /warned|recovered|alarm/.test(name))
    .sort()

const QUIET: string[][] = Array.from({ length: 6 }, () => [])

test.group('Alarms of devices', () => {
  test('are stored as they were said: none is not the same as not heard', async ({ assert }) => {
    const here = await site()
    const from = START()
    await say(here, from, null, [], ['leakage_fault', 'fan1_fault', 'fan1_fault'])
    const raw = await here.collector.rows('fleet_meter_raw')
    raw.sort((a, b) => a.at - b.at)
    assert.deepEqual(
      raw.map(({ alarms }) => alarms),
      [null, [], ['leakage_fault', 'fan1_fault']]
    )
    const live = async () => (await here.collector.rows('fleet_meter_live'))[0].alarms
    assert.deepEqual(await live(), ['leakage_fault', 'fan1_fault'])
    await say(here, from + 4 * MINUTE, [])
    assert.deepEqual(await live(), [])
    await say(here, from + 5 * MINUTE, null)
    assert.isNull(await live())
  })

  test('are listed and told once, however often they are said, and over by themselves', async ({
    assert,
  }) => {
    const here = await site()
    const from = START()
    await say(here, from, [], ['leakage_fault'], ['leakage_fault'])
    await say(here, from + 3 * MINUTE, ['leakage_fault'], null, ['leakage_fault'])
    const open = await listed(here)
    assert.deepEqual(
      open.map(({ kind, code, meter_id: id, site_id: of }) => [kind, code, id, of]),
      [['device', 'leakage_fault', here.meter.id, here.collector.siteId]]
    )
    assert.deepEqual(await events(here), ['fleet.alarm.raised', 'fleet.meter.warned'])
    await say(here, from + 6 * MINUTE, ...QUIET)
    assert.lengthOf(await listed(here), 0)
    const [episode] = await here.collector.rows('fleet_meter_alarms')
    assert.equal(episode.began_at.getTime(), from + MINUTE)
    assert.equal(episode.ended_at.getTime(), from + 6 * MINUTE)
    assert.deepEqual(await events(here), [
      'fleet.alarm.cleared',
      'fleet.alarm.raised',
      'fleet.meter.recovered',
      'fleet.meter.warned',
    ])
  })

  test('do not come back when somebody has seen them, nor from the past', async ({ assert }) => {
    const here = await site()
    const { collector, meter } = here
    const from = START()
    await say(here, from, ['fan_fault'])
    await asSystem(collector.tenant, () =>
      current
        .get()
        .client.from('fleet_alarms')
        .where('meter_id', meter.id)
        .update({ cleared_at: new Date() })
    )
    await say(here, from + MINUTE, ['fan_fault'], ['fan_fault'])
    assert.lengthOf(await listed(here), 0)
    await say(here, from + 10 * MINUTE, ...QUIET)
    const before = await events(here)
    const late = Array.from({ length: 5 }, (_, index) =>
      readingOf(meter, { at: from + (4 + index) * MINUTE, alarms: ['fan_fault', 'leakage_fault'] })
    )
    await collector.send([], { meters: late, isBackfill: true })
    assert.lengthOf(await listed(here), 0)
    assert.deepEqual(await events(here), before)
    assert.lengthOf(await collector.rows('fleet_meter_raw'), 14)
  })

  test('end with the device, and when it is read as something else', async ({ assert }) => {
    const here = await site()
    const { collector, meter } = here
    await say(here, START(), ['fan_fault', 'leakage_fault'])
    assert.lengthOf(await listed(here), 2)
    const named = () => Meter.named(meter.id)
    await asSystem(collector.tenant, async () => changeMeter(await named(), { ...WISH, port: 503 }))
    assert.lengthOf(await listed(here), 2)
    const other = { ...WISH, map: 'schneider_iem3000' }
    await asSystem(collector.tenant, async () => changeMeter(await named(), other))
    assert.lengthOf(await listed(here), 0)
    await say(here, START() + 10 * MINUTE, ['fan_fault'])
    assert.lengthOf(await listed(here), 1)
    await asSystem(collector.tenant, async () => removeMeter(await named()))
    assert.lengthOf(await listed(here), 0)
    const open = await collector.rows('fleet_meter_alarms', { ended_at: null })
    assert.lengthOf(open, 0)
  })

  test('stand in the list of the fleet in words, in both languages; unknown ones as they came', async ({
    client,
    assert,
  }) => {
    const here = await site()
    await say(here, START(), ['supply_liquid_temp_too_high', 'warp_core_breach'])
    const { user } = await makeMember(here.collector.tenant, 'operator')
    const page = await client.get('/fleet').loginAs(user)
    page.assertTextIncludes('Supply far too hot')
    page.assertTextIncludes('warp_core_breach')
    page.assertTextIncludes(`/fleet/meters/${here.meter.id}`)
    const chinese = await client.get('/fleet').loginAs(user).withSession({ locale: 'zh' })
    chinese.assertTextIncludes('供液温度过高')
    const { user: customer } = await makeMember(here.collector.tenant, 'client')
    const theirs = await client.get('/fleet').loginAs(customer)
    assert.notInclude(theirs.text(), 'Supply far too hot')
  })

  test('with codes that cannot be are kept aside', async ({ assert }) => {
    const { collector, meter } = await site()
    const answer = await collector.send([], {
      meters: [
        readingOf(meter, { alarms: ['Not a code'] }),
        readingOf(meter, { alarms: Array.from({ length: 65 }, (_, index) => `a${index}`) }),
      ],
    })
    assert.deepEqual(
      answer.body.quarantined.map(({ field, reason }: any) => [field, reason]),
      [
        ['alarms.0', 'bad_form'],
        ['alarms', 'too_many'],
      ]
    )
  })
})

test.group('Coolant', () => {
  test('is stored as it was said and rolled up', async ({ assert }) => {
    const { collector, meter } = await site()
    const start = Date.now() - (Date.now() % BUCKET) - 4 * BUCKET
    const meters = Array.from({ length: 20 }, (_, index) =>
      readingOf(meter, {
        at: start + index * 30_000,
        supply_temp_c: 30 + index,
        return_temp_c: index % 2 ? null : 45,
        supply_pressure_bar: 3.5,
        flow_m3h: 0,
        pump_running: 0,
      })
    )
    await collector.send([], { meters })
    const [live] = await collector.rows('fleet_meter_live')
    assert.deepEqual(
      [live.supply_temp_c, live.return_temp_c, live.flow_m3h, live.pump_running, live.outlets_on],
      [49, null, 0, 0, null]
    )
    await rollUp(collector)
    const span = { from: new Date(start), to: new Date(start + 2 * BUCKET), minutes: 5 as const }
    const rows = await asSystem(collector.tenant, () => meterIntervals(meter.no, span))
    assert.deepEqual(
      rows.map(({ supplyTempAvgC, supplyTempMaxC, returnTempAvgC }) => [
        supplyTempAvgC,
        supplyTempMaxC,
        returnTempAvgC,
      ]),
      [
        [34.5, 39, 45],
        [44.5, 49, 45],
      ]
    )
    assert.isNull(rows[0]!.energyWh)
  })
})
