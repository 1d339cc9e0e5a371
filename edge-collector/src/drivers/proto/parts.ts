import {
  emptyPool,
  type Fan,
  type MinerFault,
  type MinerState,
  type Pool,
  type Reading,
} from '../../../protocol/record.js'
import { asList, at, countAt, textAt } from '../../values/json.js'
import { toPoolUrl } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'
import { dig, objectsOf, toRpm } from '../web/dig.js'

const STATES: Record<string, [boolean | null, MinerState]> = {
  mining: [true, 'mining'],
  degradedmining: [true, 'mining'],
  poweringon: [null, 'starting'],
  uninitialized: [null, 'starting'],
  poweringoff: [false, 'paused'],
  stopped: [false, 'paused'],
  nopools: [false, 'fault'],
  error: [false, 'fault'],
}

/** `status` of `mining`. */
export const toVerdict = (mining: JsonObject | null): Pick<Reading, 'is_mining' | 'state'> => {
  const name =
    textAt(mining, 'status')
      ?.toLowerCase()
      .replace(/[\s_-]/g, '') ?? ''
  const [isMining, state] = Object.hasOwn(STATES, name) ? STATES[name]! : [null, 'unknown' as const]
  return { is_mining: isMining, state }
}

export const toFans = (cooling: Json | null): Fan[] | null =>
  objectsOf(at(dig(cooling, 'cooling-status'), 'fans'))?.map((row, position) => ({
    slot: Math.max(0, (slotAt(row, 'slot') ?? position + 1) - 1),
    rpm: toRpm(at(row, 'rpm')),
  })) ?? null

/** All can be "Active" at once, so that nothing says where work comes from. */
export const toPools = (answer: Json | null): Pool[] | null =>
  objectsOf(at(dig(answer), 'pools'))?.map((row, position) => ({
    ...emptyPool(slotAt(row, 'id') ?? position),
    url: toPoolUrl(textAt(row, 'url')),
    user: textAt(row, 'user'),
    priority: countAt(row, 'priority'),
    alive: toAlive(textAt(row, 'status')),
    accepted: countAt(row, 'accepted'),
    rejected: countAt(row, 'rejected'),
  })) ?? null

/** The list of what is wrong now. */
export const toFaults = (answer: Json | null): MinerFault[] | null =>
  objectsOf(asList(answer ?? undefined) ?? at(dig(answer), 'errors'), 50)?.map((row) => ({
    code: textAt(row, 'error_code', 'code') ?? 'unknown',
    message: textAt(row, 'message'),
    severity: 'warning',
    component: toComponent(row),
    at: null,
  })) ?? null

const toComponent = (row: JsonObject): string | null => {
  const source = textAt(row, 'source')
  const slot = slotAt(row, 'slot')
  return source === null || slot === null ? source : `${source} ${slot}`
}
