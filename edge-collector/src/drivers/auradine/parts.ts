import type { Fan, MinerFault, Reading, TuningTarget } from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { toWatts } from '../../values/number.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { toRpm } from '../web/dig.js'
import { toState } from '../web/names.js'

/** `psu`: texts with units. */
export const toPsu = (answer: JsonObject | null) => {
  const psu = rowOf(answer, 'PSU')
  const watts = toWatts(at(psu, 'PowerIn'))
  const fans = [at(psu, 'FanSpeed1'), at(psu, 'FanSpeed2')].filter((value) => value !== undefined)
  return {
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    wattage_dc_w: toWatts(at(psu, 'PowerOut')),
    psu_fans: psu === null ? null : fans.map((value, slot) => ({ slot, rpm: toRpm(value) })),
  } satisfies Partial<Reading>
}

export const toFans = (answer: JsonObject | null): Fan[] | null =>
  rowsOf(answer, 'Fan')?.map((row, position) => ({
    slot: Math.max(0, (slotAt(row, 'ID') ?? position + 1) - 1),
    rpm: toRpm(at(row, 'Speed')),
  })) ?? null

/** `mode`: `Sleep` is "on", "off" or a flag; watts and TH/s are both there, `Tune` says which. */
export const toMode = (answer: JsonObject | null, ths: number | null) => {
  const mode = rowOf(answer, 'Mode')
  const isAsleep = flagAt(mode, 'Sleep')
  const isMining = isAsleep === null ? null : !isAsleep
  const watts = amountAt(mode, 'Power') || null
  const target = amountAt(mode, 'Ths') || null
  return {
    is_mining: isMining,
    state: toState(isMining, ths),
    wattage_limit_w: watts,
    expected_hashrate_ths: target,
    tuning_target: toTarget(mode, watts, target),
  } satisfies Partial<Reading>
}

const toTarget = (
  mode: JsonObject | null,
  watts: number | null,
  ths: number | null
): TuningTarget | null => {
  if (textAt(mode, 'Tune')?.toLowerCase() === 'ths' && ths !== null) {
    return { type: 'hashrate', value: ths }
  }
  if (watts !== null) return { type: 'power', value: watts }
  const name = textAt(mode, 'Mode')
  return name === null ? null : { type: 'mode', value: name }
}

const LOCATE = 3
const FINE = [2, LOCATE]

/** The lights tell faults too: 2 is fine, 3 is a person who looks for it. */
export const toLight = (answer: JsonObject | null) => {
  const led = rowOf(answer, 'LED')
  const code = countAt(led, 'Code')
  return {
    fault_light: code === null ? null : code === LOCATE,
    errors: code === null ? null : FINE.includes(code) ? [] : [toFault(led, code)],
  } satisfies Partial<Reading>
}

const toFault = (led: JsonObject | null, code: number): MinerFault => ({
  code: String(code),
  message: textAt(led, 'Msg'),
  severity: 'warning',
  component: null,
  at: null,
})
