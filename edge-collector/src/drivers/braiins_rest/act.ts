import type { Reading } from '../../../protocol/record.js'
import type { HttpRequest, Json, Wire } from '../../wire/contract.js'
import { attempt, refuse } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'
import { dig } from '../web/dig.js'
import type { Headers } from '../web/login.js'
import { API, login } from './login.js'
import { statusOf } from './state.js'

/** Sends a command. `pause` keeps what the tuner has learned, `stop` would not. */
export const act = (wire: Wire, command: MinerCommand, before: Reading): Promise<ActResult> =>
  attempt(async (send) => {
    const order = orderOf(command, before)
    const headers = await login(wire)
    const [path, body] =
      command.type === 'resume' ? [await wakingAction(wire, headers), undefined] : order
    const request: HttpRequest = { method: 'PUT', path: `${API}${path}`, headers }
    await change(wire, send, body === undefined ? request : { ...request, body })
    return path
  })

const orderOf = (command: MinerCommand, before: Reading): [path: string, body?: Json] => {
  switch (command.type) {
    case 'reboot':
      return ['actions/reboot']
    case 'restart_mining':
      return ['actions/restart']
    case 'pause':
      return ['actions/pause']
    case 'resume':
      return ['actions/resume']
    case 'locate':
      return ['actions/locate', command.on]
    case 'set_power_limit':
      return ['performance/power-target', { watt: Math.round(command.watts) }]
    case 'set_hashrate_target':
      return ['performance/hashrate-target', { terahash_per_second: command.ths }]
    case 'set_pools':
      return ['pools/batch', toGroups(command.pools, before)]
    default:
      return refuse(`${command.type} is unknown to Braiins OS`)
  }
}

/** A process that was stopped cannot be resumed, only started. */
const wakingAction = async (wire: Wire, headers: Headers): Promise<string> => {
  const details = dig(await wire.json({ path: `${API}miner/details`, headers }))
  return statusOf(details) === 'NOT_STARTED' ? 'actions/start' : 'actions/resume'
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** One group, under the name that the first one has now. */
const toGroups = (pools: Pools, before: Reading): Json => {
  if (pools.length === 0) return refuse('at least one pool')
  const name = before.pools?.[0]?.group_name ?? 'default'
  const strategy = { quota: { value: 1 } }
  return [{ name, pools: pools.map((pool) => ({ ...pool })), load_balance_strategy: strategy }]
}
