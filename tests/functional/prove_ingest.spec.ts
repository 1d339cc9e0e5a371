import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { check, energyWh, type StoredRow } from '../../prove/support/checker.js'
import { type EdgeOrder, keyOf, thsAt, timeOf, wattsAt } from '../../prove/support/edge_story.js'
import { proveIngest } from '../../prove/support/ingest_proof.js'
import { planOf } from '../../prove/support/plan.js'

const order: EdgeOrder = {
  folder: '',
  edge: 3,
  miners: 2,
  ticks: 3,
  tickMs: 1,
  startAt: Date.UTC(2026, 0, 1),
  stepMs: 15_000,
  sabotage: null,
}

const rowOf = (miner: number, tick: number): StoredRow => ({
  key: keyOf(order.edge, miner),
  at: timeOf(order, tick),
  tick,
  wattageW: wattsAt(order.edge, miner, tick),
  hashrateThs: thsAt(order.edge, miner, tick),
})

const ledger = { begun: new Set([0, 1, 2]), stored: new Set([0, 1]) }
const whole = [0, 1].flatMap((tick) => [0, 1].map((miner) => rowOf(miner, tick)))

test.group('The proof of ingest', () => {
  test('counts what is lost, doubled and made up, one by one', ({ assert }) => {
    const found = (rows: StoredRow[]) => check(order, ledger, rows)
    assert.include(found(whole), { lost: 0, unexpected: 0, duplicated: 0, samples: 4 })
    assert.equal(found(whole.slice(1)).lost, 1)
    assert.equal(found([...whole, whole[0]!]).duplicated, 1)
    assert.equal(found([...whole, { ...whole[0]!, tick: 9 }]).unexpected, 1)
    assert.include(found([{ ...whole[0]!, wattageW: 1 }, ...whole.slice(1)]), {
      unexpected: 1,
      lost: 1,
    })
    // The edge was killed before it knew of the third tick; that it arrived is no fault.
    assert.include(found([...whole, rowOf(0, 2)]), { unexpected: 0, recovered: 1 })
  })

  test('adds energy by hand: two readings of 3,600 and 1,800 W, a minute apart', ({ assert }) => {
    const row = { key: 'a', tick: 0, hashrateThs: 1 }
    const rows = [
      { ...row, at: 0, wattageW: 3600 },
      { ...row, at: 60_000, wattageW: 1800 },
      { ...row, at: 400_000, wattageW: 9999 },
    ]
    assert.equal(energyWh(rows, 120_000), 45)
  })

  test('has the same plan for the same seed, with every kind of fault', ({ assert }) => {
    const wish = { seed: 7, faults: 40, edges: 4, withinMs: 60_000 }
    assert.deepEqual(planOf(wish), planOf(wish))
    assert.notDeepEqual(planOf(wish), planOf({ ...wish, seed: 8 }))
    assert.lengthOf(new Set(planOf(wish).map(({ kind }) => kind)), 13)
  })

  test('holds in its short form: nothing is lost, doubled or made up', async ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hi-prove-'))
    try {
      const result = await proveIngest({
        scale: { edges: 2, miners: 20, faults: 12, ticks: 20, tickMs: 500 },
        seed: 20_261_125,
        folder,
        // The other tests share this database; `npm run prove` has one of its own.
        without: ['kill_database'],
        say: () => {},
      })
      assert.deepInclude(result, { lost: 0, unexpected: 0, duplicated: 0, sumsEqual: true })
      assert.equal(result.samples, 2 * 20 * 20)
      assert.isTrue(result.controlCaught, 'a dropped and a doubled batch were not noticed')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }).timeout(120_000)
})
