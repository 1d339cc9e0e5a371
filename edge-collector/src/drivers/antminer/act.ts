import type { Reading } from '../../../protocol/record.js'
import { asObject, at, textAt } from '../../values/json.js'
import type { JsonObject, Wire } from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { attempt, refuse, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'
import { MODE_KEYS, MODES, modeOf } from './mode.js'
import { PAGES } from './read.js'

const MOST_POOLS = 3

/** Sends a command over the web interface. */
export const act = (wire: Wire, command: MinerCommand, before: Reading): Promise<ActResult> =>
  attempt((send) => {
    switch (command.type) {
      case 'reboot':
        return reboot(wire, send)
      case 'locate':
        return locate(wire, send, command.on)
      case 'restart_mining':
        return writeConfig(wire, send, () => 'configuration written back')
      case 'pause':
        return writeConfig(wire, send, (config) => setMode(config, MODES.sleep))
      case 'resume':
        return writeConfig(wire, send, (config) => setMode(config, wakingMode(before)))
      case 'set_power_mode':
        return writeConfig(wire, send, (config) => setMode(config, MODES[command.mode]))
      case 'set_pools':
        return writeConfig(wire, send, (config) => setPools(config, command.pools))
      default:
        return refuse(`${command.type} is unknown to stock firmware`)
    }
  })

/** The mode that the reading from before the pause names; a sleeping miner names none. */
const wakingMode = ({ tuning_target: target }: Reading): number =>
  target?.type === 'mode' && typeof target.value === 'string' && Object.hasOwn(MODES, target.value)
    ? MODES[target.value as keyof typeof MODES]
    : MODES.normal

const authorized = (wire: Wire) => (wire.credentials ? { auth: wire.credentials } : {})

/** One POST; `check` gives the reason when the miner says no with status 200. */
const post = (
  wire: Wire,
  send: Send,
  page: { path: string; body: JsonObject },
  check: (answer: JsonObject | null) => string | null
): Promise<void> =>
  send(async () => {
    const request = { method: 'POST', ...page, ...authorized(wire) } as const
    const answer = await change(wire, (now) => now(), request)
    const message = check(asObject(answer ?? undefined))
    if (message !== null) throw new ApiRefusal({ code: null, message: `the miner says ${message}` })
  })

/**
 * The miner takes the whole configuration only, so it is read, changed and written back with every
 * key that it had. Passwords of pools go back as they came and nowhere else.
 */
const writeConfig = async (
  wire: Wire,
  send: Send,
  edit: (config: JsonObject) => string
): Promise<string> => {
  const config = asObject(await wire.json({ path: PAGES.config, ...authorized(wire) }))
  if (!config) return refuse('no configuration to change')
  const detail = edit(config)
  await post(wire, send, { path: '/cgi-bin/set_miner_conf.cgi', body: config }, (answer) => {
    const verdict = textAt(answer, 'stats')
    if (verdict === null || verdict === 'success') return null
    return `${verdict} ${textAt(answer, 'code') ?? ''}`
  })
  return detail
}

/** Both names of the mode are set as they came: a number stays a number. */
const setMode = (config: JsonObject, mode: number): string => {
  const previous = modeOf(config)
  const keys = MODE_KEYS.filter((key) => at(config, key) !== undefined)
  for (const key of keys.length > 0 ? keys : MODE_KEYS) {
    config[key] = typeof at(config, key) === 'number' ? mode : String(mode)
  }
  return `mode ${mode}, previous mode ${previous ?? 'unknown'}`
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

const setPools = (config: JsonObject, pools: Pools): string => {
  if (pools.length === 0 || pools.length > MOST_POOLS) return refuse('one to three pools')
  config.pools = Array.from({ length: MOST_POOLS }, (_, index) => {
    const { url = '', user = '', password = '' } = pools[index] ?? {}
    return { url, user, pass: password }
  })
  return `${pools.length} pools`
}

const locate = async (wire: Wire, send: Send, on: boolean): Promise<string> => {
  const page = { path: '/cgi-bin/blink.cgi', body: { blink: on ? 'true' : 'false' } }
  await post(wire, send, page, (answer) => {
    const code = textAt(answer, 'code')
    return code === null || code === (on ? 'B000' : 'B100') ? null : code
  })
  return `blink ${on}`
}

/** It goes down with the connection, often before it has answered. */
const reboot = async (wire: Wire, send: Send): Promise<string> => {
  await change(wire, send, { path: '/cgi-bin/reboot.cgi', ...authorized(wire) })
  return 'reboot'
}
