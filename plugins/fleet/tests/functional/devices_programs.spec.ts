import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { bearer, tokenFor } from '#tests/functional/api/helpers'
import { makeMember } from '#tests/helpers'
import { FakeCollector } from '../support/fake_collector.js'
import { allow, makeMeter, OWN, readingOf } from '../support/meter_rows.js'

/** What a command prints, and what it complains of. */
async function say(command: string, ...args: string[]) {
  const { stdout, stderr } = process
  const [write, complain] = [stdout.write, stderr.write]
  const printed: [string[], string[]] = [[], []]
  stdout.write = ((line: string) => printed[0].push(line) > 0) as typeof write
  stderr.write = ((line: string) => printed[1].push(line) > 0) as typeof complain
  try {
    await ace.exec(command, args)
  } finally {
    Object.assign(stdout, { write })
    Object.assign(stderr, { write: complain })
  }
  return printed.map((lines) => lines.join('')) as [string, string]
}

async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  const box = await makeMeter(collector, { name: 'Box 7', ...OWN.container, rack: 'A1' })
  const strip = await makeMeter(collector, { name: 'Strip 4', unit: 2, ...OWN.pdu })
  await makeMeter(collector, { name: 'Main feed', unit: 3 })
  await collector.send([], {
    meters: [
      readingOf(box, {
        ...{ supply_temp_c: 34.5, flow_m3h: 0, pump_running: 0 },
        alarms: ['leakage_fault'],
      }),
      readingOf(strip, { power_w: 12_340, outlets_on: 18, alarms: [] }),
    ],
  })
  return { collector, tenant: ['--tenant', collector.tenant.slug] }
}

test.group('Devices for programs', () => {
  test('have their kind, rack, coolant and alarms, the same in the API and at the console', async ({
    client,
    assert,
  }) => {
    const { collector, tenant } = await site()
    const { user } = await makeMember(collector.tenant, 'operator')
    const token = bearer((await tokenFor(user, ['fleet.meter.view'])).text)
    const get = async (query = '') =>
      (await client.get(`/api/v1/telemetry/meters${query}`).header('authorization', token)).body()
    const { data } = await get()
    assert.deepEqual(
      data.map(({ name, kind, map, rack, alarms }: any) => [name, kind, map, rack, alarms]),
      [
        ['Box 7', 'container', 'generic', 'A1', ['leakage_fault']],
        ['Strip 4', 'pdu', 'generic', null, []],
        ['Main feed', 'meter', 'abb_eq', null, null],
      ]
    )
    const [box, strip] = data
    assert.deepInclude(box.values, {
      ...{ supply_temp_c: 34.5, return_temp_c: null, flow_m3h: 0, pump_running: 0 },
      outlets_on: null,
    })
    assert.deepInclude(strip.values, { power_w: 12_340, outlets_on: 18 })
    const pdus = await get('?kind=pdu')
    assert.deepEqual(
      pdus.data.map(({ name }: { name: string }) => name),
      ['Strip 4']
    )
    const wrong = await client
      .get('/api/v1/telemetry/meters?kind=spaceship')
      .header('authorization', token)
    wrong.assertStatus(422)
    const [printed] = await say('fleet:meters', '--json', ...tenant)
    assert.deepEqual(JSON.parse(printed), data)
    const [some] = await say('fleet:meters', '--json', '--kind', 'container', ...tenant)
    assert.deepEqual(JSON.parse(some), [box])
    const [rest] = await say('fleet:meters', '--json', '--after', '1', '--limit', '1', ...tenant)
    assert.deepEqual(JSON.parse(rest), [strip])
  })

  test('are a line each for people, and a kind that is none is refused', async ({ assert }) => {
    const { tenant } = await site()
    const [lines] = await say('fleet:meters', ...tenant)
    assert.match(lines, /#1 +container +Box 7 .*34\.5 °C supply, 0 m³\/h alarms: leakage_fault\n/)
    assert.match(lines, /#2 +pdu +Strip 4 .*12340 W, 18 sockets\n/)
    assert.match(lines, /#3 +meter +Main feed +(silent|never) +—\n/)
    const [nothing, complaint] = await say('fleet:meters', '--kind', 'spaceship', ...tenant)
    assert.equal(nothing, '')
    assert.match(complaint, /kind: This is no kind of device/)
  })
})
