import type { Reading } from '../../../protocol/record.js'
import { numberAt, rowOf, textAt } from '../../values/json.js'
import { type JsonObject, type Wire, WireError } from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { attempt, refuse, refusePassword, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { WORK_MODES } from './work_modes.js'

/** A soft-off is set for a moment; a few seconds ahead is what the firmware takes. */
const AHEAD_S = 5
const FAILED = /fail|error|invalid|illegal/i

/** Sends a command as `ascset`, which asks for no password. */
export const act = (wire: Wire, command: MinerCommand, before: Reading): Promise<ActResult> =>
  attempt((send) => {
    const set = (...words: (string | number)[]) => ascset(wire, send, words)
    switch (command.type) {
      case 'reboot':
        return set('reboot', 0)
      case 'pause':
        return minerTime(wire).then((now) => set('softoff', `1:${now + AHEAD_S}`))
      case 'resume':
        return minerTime(wire).then((now) => set('softon', `1:${now + AHEAD_S}`))
      case 'locate':
        return set('led', command.on ? '1-1' : '1-0')
      case 'set_power_mode':
        return set('workmode', 'set', WORK_MODES[command.mode])
      case 'set_power_limit':
        return setLimit(set, Math.round(command.watts), before)
      case 'set_pools':
        return setPools(wire, set, command.pools)
      default:
        return refuse(`${command.type} is unknown to Avalon`)
    }
  })

type Set = (...words: (string | number)[]) => Promise<string>

/** `I` with a text is how this firmware says yes; and also how it says why not. */
const ascset = (wire: Wire, send: Send, words: (string | number)[]): Promise<string> =>
  send(async () => {
    const message = messageOf(await wire.rpc('ascset', ['0', ...words].join(',')))
    if (FAILED.test(message)) throw new ApiRefusal({ code: null, message })
    return message
  })

const messageOf = (answer: JsonObject): string => textAt(rowOf(answer, 'STATUS'), 'Msg') ?? ''

/** Seconds on the miner's own clock: that is the one it compares with. */
const minerTime = async (wire: Wire): Promise<number> => {
  const when = numberAt(rowOf(await wire.rpc('version'), 'STATUS'), 'When')
  if (when === null) throw new WireError('unsupported', 'the miner does not tell its time')
  return Math.floor(when)
}

const setLimit = async (set: Set, watts: number, before: Reading): Promise<string> => {
  const previous = before.wattage_limit_w
  return `${await set('worklevel', 'set', watts)}; previous limit ${previous ?? 'unknown'} W`
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']
const MOST_POOLS = 3

/** One pool after the other, with the login of the web interface. */
const setPools = async (wire: Wire, set: Set, pools: Pools): Promise<string> => {
  const login = wire.credentials ?? refuse('the login of the web interface is needed')
  if (pools.length === 0 || pools.length > MOST_POOLS) return refuse('one to three pools')
  const rows = pools.map(({ url, user, password }, index) => [
    login.user,
    login.password,
    index,
    url,
    user,
    password,
  ])
  if (rows.flat().some((word) => String(word).includes(','))) return refuse('no commas in a pool')
  for (const row of rows) await admitted(() => set('setpool', ...row))
  return `${pools.length} pools, which count after a reboot`
}

/** Only pools ask who one is. */
const admitted = async (change: () => Promise<string>): Promise<string> => {
  try {
    return await change()
  } catch (error) {
    if (error instanceof ApiRefusal && /user|password|permission/i.test(error.message)) {
      return refusePassword(error.message)
    }
    throw error
  }
}
