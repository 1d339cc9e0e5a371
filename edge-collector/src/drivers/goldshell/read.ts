import {
  emptyBoard,
  emptyReading,
  type Fan,
  type Hashboard,
  type Reading,
} from '../../../protocol/record.js'
import { at, countAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { toMac } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, slotAt, toAlive, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, toRpm } from '../web/dig.js'
import { logIn, tokenLogin } from '../web/login.js'

/** The only login with the password in the address. */
export const login = tokenLogin({
  request: ({ user, password }) => ({
    method: 'GET',
    path: `/user/login?${new URLSearchParams({ username: user, password, cipher: 'false' })}`,
  }),
  tokenOf: (answer) => at(dig(answer), 'JWT Token'),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
})

/** What is known before somebody logs in. */
export const STATUS = '/mcb/status'

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), make: 'Goldshell', firmware_family: 'stock' }
  const version = rowOf(await session.rpc('version'), 'VERSION')
  const isApiDown = version === null && isDown(session)
  const rpc = async (command: string) => (isApiDown ? null : session.rpc(command))
  const summary = rowOf(await rpc('summary'), 'SUMMARY')
  const devs = rowsOf(await rpc('devs'), 'DEVS')
  const details = rowsOf(await rpc('devdetails'), 'DEVDETAILS')
  const pools = isApiDown ? null : await askPools(session)
  const headers = session.wire.credentials ? await logIn(session, login) : {}
  const get = async (path: string) => (headers ? dig(await session.get(path, headers)) : null)
  const status = await get(STATUS)
  const model = textAt(status, 'model')
  return {
    ...base,
    model,
    model_raw: model,
    algorithm: algorithmOf(model),
    firmware_version: textAt(status, 'firmware'),
    api_version: textAt(version, 'API'),
    // The setting is named after the machine.
    mac: session.wire.credentials ? toMac(at(await get('/mcb/setting'), 'name')) : null,
    ...toCounters(summary),
    hashrate_ths: mhsToThs(at(summary, 'MHS 20s')),
    hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')),
    hashboards: devs?.map((row, position) => toBoard(row, position, details)) ?? null,
    fans: toFans(rowsOf(await rpc('stats'), 'STATS')),
    pools,
  }
}

/** By the beginning of the model's name; each of their machines does one only. */
const ALGORITHMS: [beginning: RegExp, algorithm: string][] = [
  [/^kd/i, 'kadena'],
  [/^ck/i, 'eaglesong'],
  [/^hs/i, 'blake2b+sha3'],
  [/^(lt|mini-?doge|dg)/i, 'scrypt'],
]

const algorithmOf = (model: string | null) => {
  const name = model?.replace(/^goldshell[\s_-]*/i, '') ?? ''
  return ALGORITHMS.find(([beginning]) => beginning.test(name))?.[1] ?? 'unknown'
}

const toBoard = (row: JsonObject, position: number, details: JsonObject[] | null): Hashboard => {
  const id = slotAt(row, 'ID') ?? position
  const detail = details?.find((candidate) => slotAt(candidate, 'ID') === id) ?? null
  return {
    ...emptyBoard(id),
    slot_label: textAt(row, 'ID'),
    active: toAlive(textAt(row, 'Status')),
    hashrate_ths: mhsToThs(at(row, 'MHS 20s')),
    hashrate_avg_ths: mhsToThs(at(row, 'MHS av')),
    chips_working: countAt(detail, 'chips-nr') ?? countAt(row, 'chips-nr'),
    temp_board_c: toCelsius(at(row, 'tstemp-2')) ?? toCelsius(at(row, 'Temperature')),
    hw_errors: countAt(row, 'Hardware Errors'),
  }
}

const MOST_FANS = 8

const toFans = (stats: JsonObject[] | null): Fan[] | null => {
  const row = stats?.find((candidate) => at(candidate, 'fan1') !== undefined)
  if (!row) return null
  return Array.from({ length: MOST_FANS }, (_, slot) => slot)
    .filter((slot) => at(row, `fan${slot + 1}`) !== undefined)
    .map((slot) => ({ slot, rpm: toRpm(at(row, `fan${slot + 1}`)) }))
}
