import { emptyReading, type Reading } from '../../../protocol/record.js'
import { at, rowOf, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig } from '../web/dig.js'
import { type Headers, logIn, tokenLogin } from '../web/login.js'
import { toBoards } from './boards.js'
import { toFans, toLight, toMode, toPsu } from './parts.js'

/** The REST part answers only with a token; the mining API answers anybody. */
export const login = tokenLogin({
  request: ({ user, password }) => ({
    path: '/token',
    port: 'rest',
    body: { command: 'token', user, password },
  }),
  tokenOf: (answer) => at(rowOf(dig(answer), 'Token'), 'Token'),
  headers: (token) => ({ token }),
})

/** Asks the REST part. */
export const askRest = async (session: Session, path: string, headers: Headers) =>
  dig(await session.ask(`GET ${path}`, () => session.wire.json({ path, port: 'rest', headers })))

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), make: 'Auradine', firmware_family: 'stock' }
  const version = await session.rpc('version')
  if (version === null && isDown(session)) return base
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const devs = await session.rpc('devs')
  const count = await session.rpc('asccount')
  const ths = mhsToThs(at(summary, 'MHS 5s'))
  const pools = await askPools(session)
  const headers = await logIn(session, login)
  const get = async (path: string) => (headers ? askRest(session, path, headers) : null)
  const report = await get('/ipreport')
  return {
    ...base,
    ...toIdentity(version, report),
    ...toCounters(summary),
    hashrate_ths: ths,
    hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')),
    pools,
    ...toMode(await get('/mode'), ths),
    ...toPsu(await get('/psu')),
    ...toLight(await get('/led')),
    fans: toFans(await get('/fan')),
    hashboards: toBoards({
      devs,
      count,
      report,
      temperature: await get('/temperature'),
      voltage: await get('/voltage'),
      frequency: await get('/frequency'),
    }),
  }
}

const toIdentity = (version: JsonObject | null, answer: JsonObject | null) => {
  const report = rowOf(answer, 'IPReport')
  return {
    model: textAt(report, 'model'),
    model_raw: textAt(report, 'model'),
    mac: toMac(at(report, 'mac')),
    hostname: textAt(report, 'hostname'),
    serial_number: textAt(report, 'SerialNo'),
    control_board: textAt(report, 'InternalType'),
    // "0.5" of GCMiner is the version of the mining process only.
    firmware_version: textAt(report, 'version'),
    api_version: textAt(rowOf(version, 'VERSION'), 'API'),
  } satisfies Partial<Reading>
}
