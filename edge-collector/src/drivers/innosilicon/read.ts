import {
  emptyBoard,
  emptyReading,
  type Hashboard,
  type MinerFault,
  type Reading,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { toMac } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import { type JsonObject, WireError } from '../../wire/contract.js'
import { askPools, isDown, slotAt, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, objectsOf, rateAt } from '../web/dig.js'
import { type Headers, logIn, tokenLogin } from '../web/login.js'

export const login = tokenLogin({
  request: ({ user, password }) => ({
    path: '/api/auth',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: user, password }).toString(),
  }),
  tokenOf: (answer) => at(dig(answer), 'jwt'),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
})

/** Every question is a POST, and a refusal has status 200. */
export const askInnosilicon = async (
  session: Session,
  name: string,
  headers: Headers
): Promise<JsonObject | null> =>
  dig(
    await session.ask(`POST /api/${name}`, async () => {
      const answer = await session.wire.json({
        method: 'POST',
        path: `/api/${name}`,
        headers,
        body: {},
      })
      if (at(dig(answer), 'success') === false) {
        throw new WireError('api_error', textAt(dig(answer), 'msg', 'message') ?? 'refused')
      }
      return answer
    })
  )

/** The mining API answers anybody, the web interface only who logs in. */
export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), make: 'Innosilicon', firmware_family: 'stock' }
  const version = rowOf(await session.rpc('version'), 'VERSION')
  if (version === null && isDown(session)) return base
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const stats = rowsOf(await session.rpc('stats'), 'STATS')
  const pools = await askPools(session)
  const headers = session.wire.credentials ? await logIn(session, login) : null
  const ask = async (name: string) => (headers ? askInnosilicon(session, name, headers) : null)
  const all = dig(await ask('getAll'), 'all')
  const watts = amountAt(all, 'power') ?? amountAt(stats?.find(hasPower) ?? null, 'power')
  const ths = rateAt(dig(all, 'total_hash'), 'H/s', ['Hash Rate H'])
  return {
    ...base,
    ...toIdentity(version, all, dig(await ask('overview'))),
    ...toCounters(summary),
    hashrate_ths: ths ?? mhsToThs(at(summary, 'MHS 1m')),
    hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'estimate',
    pools,
    hashboards: toBoards(stats, all),
    errors: toFaults(await ask('getErrorDetail')),
    // fansSpeed is per cent of an unknown speed.
  }
}

const hasPower = (row: JsonObject) => at(row, 'power') !== undefined

const toIdentity = (
  version: JsonObject | null,
  all: JsonObject | null,
  overview: JsonObject | null
) => {
  const model = textAt(overview, 'type') ?? textAt(version, 'Type')
  return {
    model,
    model_raw: model,
    mac: toMac(at(all, 'mac')) ?? toMac(at(dig(overview, 'version'), 'ethaddr')),
    api_version: textAt(version, 'API'),
    firmware_version: textAt(version, 'CompileTime', 'InnoMiner', 'CGMiner'),
  } satisfies Partial<Reading>
}

/** The mining API counts chips, the web interface knows hashrates and temperatures. */
const toBoards = (stats: JsonObject[] | null, all: JsonObject | null): Hashboard[] | null => {
  const chains = objectsOf(at(all, 'chain'))
  const counted = stats?.filter((row) => at(row, 'Chain ID') !== undefined) ?? null
  if (chains === null && counted === null) return null
  const slots = [
    ...(counted ?? []).map((row) => slotAt(row, 'Chain ID')),
    ...(chains ?? []).map((row) => slotAt(row, 'ASC')),
  ].filter((slot) => slot !== null)
  return [...new Set(slots)]
    .toSorted((a, b) => a - b)
    .map((slot) => {
      const chain = chains?.find((row) => slotAt(row, 'ASC') === slot) ?? null
      const count = counted?.find((row) => slotAt(row, 'Chain ID') === slot) ?? null
      const ths = rateAt(chain, 'H/s', ['Hash Rate H'])
      return {
        ...emptyBoard(slot),
        slot_label: String(slot),
        active: ths === null ? null : ths > 0,
        hashrate_ths: ths,
        chips_working: countAt(count, 'Num active chips'),
        temp_chip_min_c: toCelsius(at(chain, 'Temp min')),
        temp_chip_max_c: toCelsius(at(chain, 'Temp max')),
      }
    })
}

const toFaults = (answer: JsonObject | null): MinerFault[] | null => {
  const code = textAt(answer, 'code')
  if (code === null) return null
  if (code === '0') return []
  return [{ code, message: textAt(answer, 'msg'), severity: 'error', component: null, at: null }]
}
