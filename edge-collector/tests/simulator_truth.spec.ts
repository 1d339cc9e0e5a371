import { test } from '@japa/runner'
import { COMMANDS } from '../src/cli/commands.js'
import { main } from '../src/cli/main.js'
import { serveControl } from '../src/simulator/control.js'
import type { Group } from '../src/simulator/fleet_file.js'
import { MODELS } from '../src/simulator/models.js'
import { antminers, openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.34.0'

test.group('Simulator | a whole site', (group) => {
  let site: SimulatedSite
  group.each.teardown(() => site.close())

  test('every model of the catalogue is found as what it is', async ({ assert }) => {
    const groups = MODELS.map(({ name }, place) => ({
      model: name,
      count: 1,
      base: `${NET}.${place + 1}`,
    }))
    site = await openSimulatedSite({ groups })
    const { found, others } = await site.scan(`${NET}.0/27`)
    assert.deepEqual(
      found.map(({ driver }) => driver),
      MODELS.map(({ face }) => face)
    )
    assert.equal(others, 0)
  }).timeout(20_000)

  test('one too big for a listener each has its families still, and no more miners', async ({
    assert,
  }) => {
    const groups: Group[] = [
      { model: 'Antminer S19 Pro', count: 4200, base: '127.35.0.1' },
      { model: 'M50S_VH30', count: 8, base: '127.35.100.1' },
      { model: 'M60S_VK30', count: 8, base: '127.35.100.9' },
    ]
    site = await openSimulatedSite({ groups })
    const { found } = await site.scan('127.35.100.0/27')
    assert.deepEqual(
      found.map(({ driver }) => driver),
      [...Array<string>(8).fill('whatsminer'), ...Array<string>(8).fill('whatsminer_v3')]
    )
  }).timeout(30_000)

  test('tells the truth: who was hit is who shows it', async ({ assert }) => {
    site = await openSimulatedSite({
      groups: antminers(NET, 200),
      faults: [{ kind: 'fan', atS: 0, of: 0.1, slot: 1 }],
    })
    const { fleet, clock } = site
    const control = await serveControl(fleet, 0)
    const url = `http://127.0.0.1:${control.port}`
    const post = async (rows: object[]) => {
      const answer = await fetch(`${url}/faults`, { method: 'POST', body: JSON.stringify(rows) })
      return { status: answer.status, text: await answer.text() }
    }
    try {
      clock.advance(100)
      // Some machines are known by now, others are not.
      for (let index = 0; index < 100; index++) fleet.machine(index)
      assert.equal((await post([{ kind: 'board_loss', atS: 50, of: 0.2, slot: 2 }])).status, 200)
      clock.advance(60)
      const text = await (await fetch(`${url}/truth`)).text()
      const truth = text.split('\n').map((line) => JSON.parse(line))
      const told = truth.map(({ ip, kind }) => `${ip} ${kind}`).sort()
      const shown = [...fleet.machines()].flatMap((machine) =>
        machine
          .now()
          .faults.map(({ kind }) => `${machine.ip} ${kind === 'fan' ? kind : 'board_loss'}`)
      )
      assert.deepEqual(shown.sort(), told)
      assert.isAbove(told.filter((row) => row.endsWith('fan')).length, 5)
      assert.isAbove(told.filter((row) => row.endsWith('board_loss')).length, 15)
      const refused = [
        { kind: 'ip_change', atS: 0, indexes: [0], becomes: `${NET}.250` },
        { kind: 'fan', atS: 0 },
        { kind: 'fan', atS: 0, indexes: [200] },
        { kind: 'firmware_upgrade', atS: 0, indexes: [0], becomes: 'S99' },
        { kind: 'duplicate_mac', atS: 0, indexes: [0], becomes: '10.0.0.1' },
        { kind: 'missing_fields', atS: 0, indexes: [0] },
      ]
      for (const row of refused) assert.equal((await post([row])).status, 422, row.kind)
      assert.match((await post([refused[2]!])).text, /no machine 200/)
    } finally {
      await control.close()
    }
  })
})

test.group('Edge command | simulate', () => {
  for (const [option, value] of [
    ['miners', '1.5'],
    ['miners', '0'],
    ['seed', '-1'],
    ['port-offset', '65000'],
    ['base', '127.0.0'],
  ] as const) {
    test(`names the option that is wrong: --${option} ${value}`, async ({ assert }) => {
      let words = ''
      const terminal = {
        out: () => {},
        err: (text: string) => (words += text),
        isWatched: false,
        signal: AbortSignal.abort(),
      }
      const code = await main(['simulate', `--${option}=${value}`], COMMANDS, terminal)
      assert.equal(code, 2)
      assert.include(words, `--${option}:`)
    })
  }
})
