import type { Assert } from '@japa/assert'
import { test } from '@japa/runner'
import type { TelemetryRecord } from '../../protocol/record.js'
import type { MinerCommand } from '../../src/drivers/contract.js'
import type { Face, Moment } from '../../src/simulator/contract.js'
import { assertTells, type Tells } from './faces_check.js'
import { asleep, FakeMachine, withoutBoard } from './faces_machine.js'
import { type Served, serveFace } from './faces_server.js'

export const POOL = { url: 'stratum+tcp://new.example:3333', user: 'site.9', password: 'x' }
const BACKUP = { url: 'stratum+tcp://old.example:4444', user: 'site.9b', password: 'x' }

/** A command, and what the next poll must show of it. */
export type Effect = [MinerCommand, (reading: TelemetryRecord, assert: Assert) => void]

/** What every family must do. */
export interface Family {
  face: Face
  /** Of the catalogue. */
  model: string
  /** As our driver writes it. */
  modelRead: string
  make: string | null
  tells: Tells
  /** How a lost board shows. */
  lost(reading: TelemetryRecord, assert: Assert): void
  /** Null: the firmware cannot be paused. */
  paused: ((reading: TelemetryRecord, assert: Assert) => void) | null
  /** Names of the moment that a fault hides, with the field that is null then. */
  hidden: [keyof Moment, keyof TelemetryRecord][]
  effects: Effect[]
  /** A command that a wrong password may not give; null: nobody asks for one. */
  guarded: MinerCommand | null
  /** Reading needs the password as well. */
  isPrivate?: boolean
  /** What it says while it mines; true where nothing is given. */
  isMining?: boolean | null
}

export const isPaused = (reading: TelemetryRecord, assert: Assert) => {
  assert.isFalse(reading.is_mining)
  assert.equal(reading.state, 'paused')
}

/** Commands that nearly all of them know, with what shows. */
export const EFFECTS = {
  reboot: [{ type: 'reboot' }, (r, assert) => assert.equal(r.system_uptime_s, 40)],
  restart: [{ type: 'restart_mining' }, (r, assert) => assert.equal(r.uptime_s, 15)],
  pause: [{ type: 'pause' }, isPaused],
  limit: [
    { type: 'set_power_limit', watts: 2500 },
    (r, assert) => assert.equal(r.wattage_limit_w, 2500),
  ],
  pools: [
    { type: 'set_pools', pools: [POOL, BACKUP] },
    (r, assert) => {
      assert.deepEqual(
        r.pools?.map(({ url, user }) => [url, user]),
        [POOL, BACKUP].map(({ url, user }) => [url, user])
      )
    },
  ],
  locate: [{ type: 'locate', on: true }, (r, assert) => assert.isTrue(r.fault_light)],
} satisfies Record<string, Effect>

const describe = ({ type, ...more }: MinerCommand) =>
  [type, ...Object.values(more).map((value) => JSON.stringify(value))].join(' ').slice(0, 60)

/** Scan, reading, faults, commands and passwords of a family, over real sockets. */
export const familySuite = (
  family: Family,
  more: (served: () => Served<FakeMachine>) => void = () => {}
) => {
  const { face, model } = family
  test.group(`Simulator | face of ${face.name}, ${model}`, (group) => {
    let miner: Served<FakeMachine>
    group.each.setup(async () => {
      miner = await serveFace(face, new FakeMachine(model))
      return () => miner.close()
    })
    const set = (moment: Partial<Moment>) => {
      miner.machine.moment = { ...miner.machine.moment, ...moment }
    }

    test('a scan knows it', async ({ assert }) => {
      const examined = await miner.scan()
      assert.containSubset(examined?.found, {
        driver: face.name,
        model: family.modelRead,
        make: family.make,
        firmwareVersion: miner.machine.firmwareVersion,
      })
      assert.equal(examined?.record.outcome, 'ok')
    })

    test('a poll tells what the machine does', async ({ assert }) => {
      const reading = await miner.read()
      assert.deepEqual(
        reading.problems.filter(({ kind }) => kind !== 'unsupported'),
        []
      )
      assert.equal(reading.is_mining, family.isMining === undefined ? true : family.isMining)
      assert.equal(reading.state, 'mining')
      assertTells(assert, reading, miner.machine, family.tells)
      assert.isNotTrue((reading.errors?.length ?? 0) > 0)
    })

    test('a lost board shows', async ({ assert }) => {
      const { moment } = miner.machine
      set(withoutBoard(moment, moment.boards.length > 1 ? 1 : 0))
      family.lost(await miner.read(), assert)
    })

    for (const [name, field] of family.hidden) {
      test(`it can keep ${name} to itself`, async ({ assert }) => {
        set({ missing: new Set([name]) })
        assert.isNull((await miner.read())[field])
      })
    }

    if (family.paused) {
      test('asleep it says so', async ({ assert }) => {
        set(asleep(miner.machine.moment))
        family.paused!(await miner.read(), assert)
      })
    }

    for (const [command, shows] of family.effects) {
      test(`${describe(command)} shows in the next poll`, async ({ assert }) => {
        const result = await miner.act(command)
        assert.notEqual(result.accepted, false, result.detail)
        assert.isAbove(miner.machine.orders.length, 0)
        assert.isEmpty(miner.machine.denials)
        shows(await miner.read(), assert)
      })
    }

    if (family.guarded) {
      const wrong = { user: 'root', password: 'wrong' }
      test('a wrong password changes nothing and is called so', async ({ assert }) => {
        const result = await miner.act(family.guarded!, wrong)
        assert.isFalse(result.accepted)
        assert.match(result.detail, /auth/)
        assert.isEmpty(miner.machine.orders)
        assert.isNotEmpty(miner.machine.denials)
        const { outcome } = await miner.read(wrong)
        assert.equal(outcome, family.isPrivate ? 'auth_failed' : 'ok')
      })
    }

    more(() => miner)
  })
}
