import { test } from '@japa/runner'
import { knock } from '../src/discovery/knock.js'
import type { FaultRow, Group } from '../src/simulator/fleet_file.js'
import { canMute } from '../src/simulator/mute.js'
import { antminers, openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.38.0'
/** Loopback answers at once or never. */
const WAIT_MS = 300

test.group('Simulator | doors', (group) => {
  let site: SimulatedSite
  const open = async (faults: FaultRow[], groups: Group[] = antminers(NET, 3)) =>
    (site = await openSimulatedSite({ groups, faults }))
  group.each.teardown(() => site.close())

  /** What each port says to who knocks, after some seconds at the site. */
  const knocks = async (host: number, afterS = 0) => {
    site.clock.advance(afterS)
    await site.settle()
    const { rpc, http } = site.ports
    return Promise.all([rpc, http].map((port) => knock(`${NET}.${host}`, port, WAIT_MS)))
  }

  test('a silent machine leaves whoever knocks without any answer, and hears again after', async ({
    assert,
  }) => {
    await open([{ kind: 'silent', atS: 10, forS: 100, indexes: [0, 1] }])
    assert.deepEqual(await knocks(1), ['open', 'open'])
    assert.deepEqual(await knocks(1, 20), ['silent', 'silent'])
    assert.deepEqual(await knocks(1), ['silent', 'silent'])
    assert.deepEqual(await knocks(2), ['silent', 'silent'])
    assert.deepEqual(await knocks(3), ['open', 'open'])
    assert.deepEqual(await knocks(1, 100), ['open', 'open'])
    assert.equal((await site.read(0)).outcome, 'ok')
  }).skip(!canMute(), 'this system or this process does not let threads listen and sleep')

  test('one goes silent while another stays so', async ({ assert }) => {
    await open([
      { kind: 'silent', atS: 0, forS: 200, indexes: [0] },
      { kind: 'silent', atS: 100, indexes: [1] },
    ])
    assert.deepEqual(await knocks(1), ['silent', 'silent'])
    assert.deepEqual(await knocks(2), ['open', 'open'])
    assert.deepEqual(await knocks(2, 150), ['silent', 'silent'])
    assert.deepEqual(await knocks(1), ['silent', 'silent'])
    assert.deepEqual(await knocks(1, 100), ['open', 'open'])
    assert.deepEqual(await knocks(2), ['silent', 'silent'])
  }).skip(!canMute(), 'this system or this process does not let threads listen and sleep')

  test('refused is refused by the system; a switched off API leaves the page', async ({
    assert,
  }) => {
    await open([
      { kind: 'refused', atS: 0, forS: 60, indexes: [0] },
      { kind: 'api_off', atS: 0, indexes: [1] },
    ])
    assert.deepEqual(await knocks(1), ['refused', 'refused'])
    assert.deepEqual(await knocks(2), ['refused', 'open'])
    assert.deepEqual(await knocks(1, 61), ['open', 'open'])
    const { problems } = await site.read(1, 'cgminer')
    assert.deepEqual([...new Set(problems.map(({ kind }) => kind))], ['refused'])
  })

  test('a machine that is told to reboot is away and comes back', async ({ assert }) => {
    await open([])
    await site.act(0, { type: 'reboot' })
    assert.deepEqual(await knocks(1, 5), ['refused', 'refused'])
    assert.deepEqual(await knocks(1, 120), ['open', 'open'])
  })

  test('whoever moves is gone where it was', async ({ assert }) => {
    const to = `${NET}.9`
    await open([{ kind: 'ip_change', atS: 50, indexes: [0], becomes: to }])
    assert.deepEqual([await knocks(1), await knocks(9)].flat(), [
      'open',
      'open',
      'refused',
      'refused',
    ])
    assert.deepEqual(await knocks(1, 60), ['refused', 'refused'])
    assert.deepEqual(await knocks(9), ['open', 'open'])
  })

  test('faults of later on are heard of as well', async ({ assert }) => {
    const { fleet } = await open([])
    assert.deepEqual(await knocks(2), ['open', 'open'])
    fleet.befall([{ kind: 'refused', atS: 0, indexes: [1] }])
    assert.deepEqual(await knocks(2), ['refused', 'refused'])
  })
})
