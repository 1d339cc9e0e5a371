import { current } from '#core/current'
import { asSystem, makeMember } from '#tests/helpers'
import { type TestFleet } from '../support/fleet_rows.js'

export const EVIL = '<script>alert(1)</script>'
export const FORMULA = '=HYPERLINK("http://evil.example")'

export const operatorOf = async ({ tenant }: TestFleet) =>
  (await makeMember(tenant, 'operator')).user

export const setMiner = (fleet: TestFleet, no: number, values: Record<string, unknown>) =>
  asSystem(fleet.tenant, () =>
    current.get().client.from('fleet_miners').where('no', no).update(values)
  )

export const setLive = (fleet: TestFleet, no: number, values: Record<string, unknown>) =>
  asSystem(fleet.tenant, () =>
    current.get().client.from('fleet_telemetry_live').where('miner_no', no).update(values)
  )

export const board = (slot: number, more: object = {}) => ({
  slot,
  slot_label: null,
  present: true,
  active: true,
  hashrate_ths: 36.61,
  chips_working: 114,
  chips_expected: 114,
  temp_board_c: 61,
  temp_chip_max_c: 78,
  frequency_mhz: 545,
  voltage_v: 13.7,
  hw_errors: 2,
  ...more,
})
