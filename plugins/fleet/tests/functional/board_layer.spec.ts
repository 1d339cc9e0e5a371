import { test } from '@japa/runner'
import type { Hashboard } from '#edge/protocol/record'
import { asSystem } from '#tests/helpers'
import { recordBoards } from '../../services/board_layer.js'
import { makeFleet, rowsIn } from '../support/fleet_rows.js'
import { BUCKET } from '../support/roll_up.js'

const board = (slot: number, more: Partial<Hashboard> = {}): Hashboard => ({
  slot,
  slot_label: null,
  present: true,
  active: true,
  hashrate_ths: 66.5,
  hashrate_avg_ths: null,
  expected_hashrate_ths: null,
  chips_working: 114,
  chips_expected: 114,
  temp_board_c: 61,
  temp_chip_c: null,
  temp_chip_min_c: null,
  temp_chip_max_c: 74,
  temp_inlet_c: null,
  temp_outlet_c: null,
  frequency_mhz: 545,
  voltage_v: 13.5,
  serial_number: null,
  hw_errors: 3,
  ...more,
})

test.group('Boards', () => {
  test('keep the newest sample of five minutes, whichever came last', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = Math.floor(Date.now() / BUCKET) * BUCKET - 2 * BUCKET
    const record = (...rows: [seconds: number, boards: Hashboard[]][]) =>
      asSystem(fleet.tenant, () =>
        recordBoards(
          rows.map(([seconds, boards]) => ({
            minerNo: 1,
            at: new Date(from + seconds * 1000),
            boards,
          }))
        )
      )
    const rows = async () =>
      (await rowsIn(fleet.tenant, 'fleet_boards_5min'))
        .sort((a, b) => a.bucket - b.bucket || a.slot - b.slot)
        .map((row) => [row.slot, row.chips_working, row.active])
    await record()
    await record([5, []])
    // Out of order in one batch, and a slot that the firmware lists as empty.
    await record(
      [200, [board(0, { chips_working: 110 }), board(1, { present: false, chips_working: null })]],
      [100, [board(0, { chips_working: 90 })]]
    )
    assert.deepEqual(await rows(), [
      [0, 110, true],
      [1, null, false],
    ])
    // Late, and older: it changes nothing. Newer: it does, and so do the next five minutes.
    await record([150, [board(0, { chips_working: 50 })]])
    assert.deepEqual((await rows())[0], [0, 110, true])
    await record([299, [board(0, { chips_working: 111 })]], [300, [board(0)]])
    assert.deepEqual(await rows(), [
      [0, 111, true],
      [1, null, false],
      [0, 114, true],
    ])
  })
})
