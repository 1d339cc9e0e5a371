import { emptyReading, type Reading } from '../../../protocol/record.js'
import { asObject, rowOf, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import { type Json, type JsonObject, type Wire, WireError } from '../../wire/contract.js'
import { isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, listOf } from '../web/dig.js'
import { cookieOf, type Headers, logIn } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { askGraphql, login } from './ask.js'
import { toBoards } from './boards.js'
import { toFaults, toPools, toSystem, toTarget } from './parts.js'
import * as queries from './queries.js'

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'braiins' }
  const headers = await logIn(session, login)
  if (headers === null) return base
  const ask = (name: string, query: string) =>
    session.ask(`graphql ${name}`, () => askGraphql(session.wire, headers, [name, query]))
  const system = await ask('system', queries.SYSTEM)
  if (system === null && isDown(session)) return base
  const model = await ask('model', queries.MODEL)
  const version = rowOf(await session.rpc('version'), 'VERSION')
  // GraphQL counts the seconds of the control board only, the mining API those of its process.
  const summary = version && rowOf(await session.rpc('summary'), 'SUMMARY')
  return {
    ...base,
    ...toHardware(textAt(dig(model, 'bosminer', 'info'), 'modelName')),
    ...toSystem(system),
    ...toCounters(summary),
    hashboards: toBoards(await session.ask('graphql boards', () => boards(session.wire, headers))),
    tuning_target: toTarget(await ask('tuning', queries.TUNING)),
    pools: toPools(await ask('pools', queries.POOLS)),
    errors: toFaults(await ask('events', queries.EVENTS)),
    mac: toMac(await session.ask('mac', () => macOf(session.wire, headers))),
    api_version: textAt(version, 'API'),
  }
}

/** Serial numbers came with 25.03; before, to ask for them spoils the question. */
const boards = async (wire: Wire, headers: Headers): Promise<JsonObject> => {
  try {
    return await askGraphql(wire, headers, ['boards', queries.BOARDS_WITH_SERIALS])
  } catch (error) {
    if (!(error instanceof WireError) || error.kind !== 'api_error') throw error
    return askGraphql(wire, headers, ['boards', queries.BOARDS])
  }
}

const INTERFACE = '/cgi-bin/luci/admin/network/iface_status/lan'
/** LuCI answers only this client with JSON. */
const AGENT = { 'user-agent': 'BTC Tools v0.1' }

/** GraphQL does not know the MAC address; LuCI does, with the same session or one of its own. */
const macOf = async (wire: Wire, headers: Headers): Promise<string> => {
  const ask = async (more: Headers) =>
    wire.json({ path: INTERFACE, headers: { ...AGENT, ...more } })
  const mac = textOf(await ask(headers).catch((error: unknown) => retry(wire, ask, error)))
  if (mac === null) throw new WireError('empty', 'no MAC address')
  return mac
}

const textOf = (answer: Json) => textAt(asObject(listOf(answer)?.[0]), 'macaddr')

const retry = async (wire: Wire, ask: (headers: Headers) => Promise<Json>, error: unknown) => {
  const isLogin = error instanceof WireError && ['auth', 'not_json'].includes(error.kind)
  if (!isLogin || !wire.credentials) throw error
  const { user, password } = wire.credentials
  const answer = await wire.http({
    method: 'POST',
    path: '/cgi-bin/luci',
    headers: { ...AGENT, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ luci_username: user, luci_password: password }).toString(),
  })
  const names = ['session_id', 'sysauth']
  const cookies = names.flatMap((name) => {
    const value = cookieOf(answer.headers['set-cookie'], name)
    return value === null ? [] : [`${name}=${value}`]
  })
  if (cookies.length === 0) throw new WireError('auth', 'no session for these credentials')
  return ask({ cookie: cookies.join('; ') })
}
