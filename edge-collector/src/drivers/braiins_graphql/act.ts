import type { Reading } from '../../../protocol/record.js'
import type { JsonObject, Wire } from '../../wire/contract.js'
import { attempt, refuse } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'
import { failureOf, login, toRequest } from './ask.js'
import * as queries from './queries.js'

type Mutation = [name: string, query: string, variables?: JsonObject]

/** Sends a command. There is no pause that keeps the process, so it is stopped. */
export const act = (wire: Wire, command: MinerCommand, before: Reading): Promise<ActResult> =>
  attempt(async (send) => {
    const mutations = mutationsOf(command, before)
    const headers = await login(wire)
    for (const mutation of mutations) {
      const request = { ...toRequest(...mutation), headers }
      await send(async () => {
        const failure = failureOf(await change(wire, (ask) => ask(), request))
        if (failure !== null) refuse(failure)
      })
    }
    return mutations.map(([name]) => name).join(', ')
  })

const mutationsOf = (command: MinerCommand, before: Reading): Mutation[] => {
  switch (command.type) {
    case 'reboot':
      return [['reboot', queries.REBOOT]]
    case 'restart_mining':
      return [['restart', queries.RESTART]]
    case 'pause':
      return [['stop', queries.STOP]]
    case 'resume':
      return [['start', queries.START]]
    case 'locate':
      return [['light', queries.FAULT_LIGHT, { enable: command.on }]]
    case 'set_power_limit':
      return [['power', queries.POWER_TARGET, { limit: Math.round(command.watts) }]]
    case 'set_pools':
      return [
        ['groups', queries.GROUPS, { groups: [toGroup(command.pools, before)] }],
        // New pools count from the next start.
        ['restart', queries.RESTART],
      ]
    default:
      return refuse(`${command.type} is unknown to Braiins OS before 25.07`)
  }
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

const toGroup = (pools: Pools, before: Reading): JsonObject => {
  if (pools.length === 0) return refuse('at least one pool')
  const name = before.pools?.[0]?.group_name ?? 'default'
  return { name, quota: 1, pools: pools.map((pool) => ({ ...pool })) }
}
