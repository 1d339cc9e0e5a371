import type { Reading } from '../../../protocol/record.js'
import { asList, at, textAt } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import {
  type HttpRequest,
  type Json,
  type JsonObject,
  type Wire,
  WireError,
} from '../../wire/contract.js'
import { attempt, refuse, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'
import { dig, objectsOf } from '../web/dig.js'
import type { Headers } from '../web/login.js'
import { API, login } from './login.js'

/** A miner into which one has logged in. */
interface Access {
  wire: Wire
  send: Send
  headers: Headers
}

/** Sends a command. */
export const act = (wire: Wire, command: MinerCommand, _: Reading): Promise<ActResult> =>
  attempt(async (send) => {
    const access = { wire, send, headers: await login(wire) }
    switch (command.type) {
      case 'set_power_limit':
        return setPreset(access, await presetUpTo(access, command.watts))
      case 'set_profile':
        return setPreset(access, command.name)
      case 'set_pools':
        return setPools(access, command.pools)
      default:
        return post(access, ...simpleOrder(command))
    }
  })

const simpleOrder = (command: MinerCommand): [path: string, body?: Json] => {
  switch (command.type) {
    case 'reboot':
      return ['system/reboot']
    case 'restart_mining':
      return ['mining/restart']
    case 'pause':
      return ['mining/stop']
    case 'resume':
      return ['mining/start']
    case 'locate':
      return ['find-miner', { on: command.on }]
    default:
      return refuse(`${command.type} is unknown to VNish`)
  }
}

const post = async (
  { wire, send, headers }: Access,
  path: string,
  body?: Json
): Promise<string> => {
  const request: HttpRequest = { method: 'POST', path: `${API}${path}`, headers }
  await change(wire, send, body === undefined ? request : { ...request, body })
  return path
}

const get = ({ wire, headers }: Access, path: string) =>
  wire.json({ path: `${API}${path}`, headers })

/** The highest preset that stays below; the names of presets are watts. */
const presetUpTo = async (access: Access, watts: number): Promise<string> => {
  const answer = await get(access, 'autotune/presets')
  const presets = objectsOf(asList(answer) ?? at(dig(answer), 'presets'), 200) ?? []
  const names = presets.flatMap((preset) => textAt(preset, 'name') ?? [])
  const allowed = names.filter((name) => (toNumber(name) ?? Infinity) <= watts)
  const best = allowed.toSorted((a, b) => toNumber(b)! - toNumber(a)!)[0]
  return best ?? refuse(`no preset up to ${watts} W`)
}

/** The answer is the same when the preset was ignored, so the settings are read again. */
const setPreset = async (access: Access, preset: string): Promise<string> => {
  const overclock = dig(await get(access, 'settings'), 'miner', 'overclock')
  if (overclock === null) return refuse('no overclocking in the settings')
  const settings: JsonObject = { miner: { overclock: { ...overclock, preset } } }
  await post(access, 'settings', settings)
  const after = await settingsAfter(access)
  if (after === null) return `preset ${preset}, not read again`
  const now = textAt(dig(after, 'overclock'), 'preset')
  return now === preset ? `preset ${preset}` : refuse(`preset is ${now}, ${preset} was ignored`)
}

/** Null when the miner, which took the change, is too busy with it to answer. */
const settingsAfter = async (access: Access): Promise<JsonObject | null> => {
  try {
    return dig(await get(access, 'settings'), 'miner')
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** Addresses go without a scheme, as the firmware keeps them, and are compared after. */
const setPools = async (access: Access, pools: Pools): Promise<string> => {
  if (pools.length === 0) return refuse('at least one pool')
  const rows = pools.map(({ url, user, password }, index) => ({
    url: url.replace(/^stratum\+tcp:\/\//i, ''),
    user,
    pass: password,
    order: index,
    id: index,
  }))
  await post(access, 'settings', { miner: { pools: rows } })
  const settings = await settingsAfter(access)
  if (settings === null) return `${rows.length} pools, not read again`
  const after = objectsOf(at(settings, 'pools')) ?? []
  const isSet = rows.every(({ url, user }) =>
    after.some((row) => textAt(row, 'url') === url && textAt(row, 'user') === user)
  )
  return isSet ? `${rows.length} pools` : refuse('the pools were ignored')
}
