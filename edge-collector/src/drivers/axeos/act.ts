import type { Reading } from '../../../protocol/record.js'
import type { JsonObject, Wire } from '../../wire/contract.js'
import { attempt, refuse, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'

const SYSTEM = '/api/system'

/** Sends a command; there is no login. */
export const act = (wire: Wire, command: MinerCommand, _: Reading): Promise<ActResult> =>
  attempt(async (send) => {
    switch (command.type) {
      case 'reboot':
        return post(wire, send, 'restart')
      case 'pause':
        return post(wire, send, 'pause')
      case 'resume':
        return post(wire, send, 'resume')
      case 'locate':
        return command.on
          ? post(wire, send, 'identify')
          : refuse('the display stops showing itself without being told')
      case 'set_pools':
        await change(wire, send, { method: 'PATCH', path: SYSTEM, body: toSettings(command.pools) })
        // Settings count from the next start.
        return post(wire, send, 'restart')
      default:
        return refuse(`${command.type} is unknown to AxeOS`)
    }
  })

const post = async (wire: Wire, send: Send, action: string): Promise<string> => {
  await change(wire, send, { method: 'POST', path: `${SYSTEM}/${action}` })
  return action
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** A pool and one to fall back on. */
const toSettings = (pools: Pools): JsonObject => {
  if (pools.length === 0 || pools.length > 2) return refuse('one or two pools')
  return Object.assign({}, ...pools.map((pool, index) => toFields(pool, index > 0)))
}

const toFields = ({ url, user, password }: Pools[number], isFallback: boolean): JsonObject => {
  const { hostname, port } =
    URL.parse(url.replace(/^stratum\+\w+:/i, 'tcp:')) ?? refuse('no address')
  if (hostname === '' || port === '') return refuse('a pool needs a host and a port')
  const prefix = isFallback ? 'fallbackStratum' : 'stratum'
  return {
    [`${prefix}URL`]: hostname,
    [`${prefix}Port`]: Number(port),
    [`${prefix}User`]: user,
    [`${prefix}Password`]: password,
  }
}
