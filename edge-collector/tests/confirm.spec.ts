import { test } from '@japa/runner'
import { type Capability, POWER_MODES } from '../protocol/record.js'
import { isConfirmed } from '../src/drivers/confirm.js'
import type { MinerCommand } from '../src/drivers/contract.js'
import { driverNamed } from '../src/drivers/registry.js'
import type { FaultRow } from '../src/simulator/fleet_file.js'
import { MODELS } from '../src/simulator/models.js'
import { openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const FIRST_CLASS = [
  'antminer',
  'whatsminer',
  'whatsminer_v3',
  'avalon',
  'braiins_rest',
  'braiins_graphql',
  'luxos',
  'vnish',
  'epic',
  'axeos',
] as const
type Family = (typeof FIRST_CLASS)[number]

const NET = '127.36.0'
/** Longer than any ramp of the simulator, so that only what was set is read. */
const SETTLE_S = 1200

const pools = ['one', 'two'].map((name) => ({
  url: `stratum+tcp://${name}.example:3333`,
  user: `site.${name}`,
  password: 'x',
}))

const limit = { type: 'set_power_limit', watts: 2400 } as const
const target = { type: 'set_hashrate_target', ths: 88 } as const
const sleepAndWake: MinerCommand[] = [{ type: 'pause' }, { type: 'resume' }]

/** What is sent for a capability, one after the other; each must show. */
const COMMANDS: Record<Exclude<Capability, 'upgrade'>, (family: Family) => MinerCommand[]> = {
  reboot: () => [{ type: 'reboot' }],
  restart_mining: () => [{ type: 'restart_mining' }],
  pause: () => sleepAndWake,
  resume: () => sleepAndWake,
  power_limit: () => [limit],
  power_mode: () => POWER_MODES.map((mode) => ({ type: 'set_power_mode', mode })),
  hashrate_target: () => [target],
  profile: (family) => [{ type: 'set_profile', name: PROFILES[family]! }],
  pools: () => [{ type: 'set_pools', pools }],
  // The display of AxeOS cannot be told to stop.
  locate: (family) =>
    (family === 'axeos' ? [true] : [true, false]).map((on) => ({ type: 'locate', on })),
}
const commandsFor = (capability: Capability, family: Family): MinerCommand[] =>
  capability === 'upgrade' ? [] : COMMANDS[capability](family)

/** Of the catalogue's models. */
const PROFILES: Partial<Record<Family, string>> = { luxos: '490MHz', vnish: '2660' }

/** What these set counts from the next start on. */
const isStaged = (family: Family, { type }: MinerCommand) =>
  family === 'avalon' && type === 'set_pools'

/** AxeOS says which pools are stored, not which it uses. */
const isStored = (family: Family, capability: Capability) =>
  family === 'axeos' && capability === 'pools'

const modelOf = (family: Family) => MODELS.find(({ face }) => face === family)!.name

test.group(
  'Edge drivers | a claimed command is confirmed by telemetry or says it cannot be',
  (group) => {
    let site: SimulatedSite
    const open = async (family: Family, faults: FaultRow[] = []) => {
      const groups = [{ model: modelOf(family), count: 1, base: `${NET}.1` }]
      site = await openSimulatedSite({ groups, faults })
      site.clock.advance(SETTLE_S)
    }
    group.each.teardown(() => site.close())

    /** What a reading says of it when everything has settled, and what the driver promised. */
    const attempt = async (family: Family, command: MinerCommand) => {
      const before = await site.read(0)
      const result = await site.act(0, command)
      if (isStaged(family, command)) await site.act(0, { type: 'reboot' })
      site.clock.advance(SETTLE_S)
      const confirmed = isConfirmed(command, before, await site.read(0))
      return { accepted: result.accepted, reason: result.notConfirmable, confirmed }
    }
    const wake = async () => {
      await site.act(0, { type: 'resume' })
      site.clock.advance(SETTLE_S)
    }

    for (const family of FIRST_CLASS) {
      test(family, async ({ assert }) => {
        const { notConfirmable = {} } = driverNamed(family)!
        await open(family)
        const { capabilities } = await site.read(0)
        assert.isNotEmpty(capabilities)
        for (const command of capabilities.flatMap((one) => commandsFor(one, family))) {
          const name = JSON.stringify(command)
          const { accepted, reason, confirmed } = await attempt(family, command)
          assert.notEqual(accepted, false, name)
          assert.equal(reason, notConfirmable[command.type], name)
          assert.equal(confirmed, reason === undefined ? true : null, name)
        }
      }).timeout(20_000)

      test(`${family}, when it accepts without effect`, async ({ assert }) => {
        await open(family, [{ kind: 'no_effect', atS: 0, indexes: [0] }])
        const { capabilities } = await site.read(0)
        const tried = capabilities.filter((one) => one !== 'resume' && !isStored(family, one))
        for (const command of tried.map((one) => commandsFor(one, family)[0]!)) {
          // VNish finds out by itself and refuses.
          const { confirmed } = await attempt(family, command)
          assert.notEqual(confirmed, true, command.type)
        }
      }).timeout(20_000)
    }

    test('pools that count from the next start are not confirmed before', async ({ assert }) => {
      await open('avalon')
      const command: MinerCommand = { type: 'set_pools', pools }
      const before = await site.read(0)
      assert.isTrue((await site.act(0, command)).accepted)
      assert.isFalse(isConfirmed(command, before, await site.read(0)))
    })

    test('a sleeping machine is not awake, and no other target is the one that was wished', async ({
      assert,
    }) => {
      await open('braiins_rest')
      const before = await site.read(0)
      await site.act(0, { type: 'pause' })
      site.clock.advance(SETTLE_S)
      assert.isFalse(isConfirmed({ type: 'resume' }, before, await site.read(0)))
      await wake()
      await site.act(0, target)
      const after = await site.read(0)
      assert.isTrue(isConfirmed(target, before, after))
      assert.isFalse(isConfirmed({ ...target, ths: 80 }, before, after))
      assert.isFalse(isConfirmed({ ...limit, watts: 88 }, before, after))
    })
  }
)
