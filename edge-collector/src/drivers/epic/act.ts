import type { Reading } from '../../../protocol/record.js'
import { at, textAt } from '../../values/json.js'
import type { HttpRequest, Json, JsonObject, Wire } from '../../wire/contract.js'
import { attempt, refuse, refusePassword } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { change } from '../web/change.js'
import { dig, objectsOf } from '../web/dig.js'

type Order = [path: string, param: Json]

/** Sends a command: the password is in the body, and every answer says `result`. */
export const act = (wire: Wire, command: MinerCommand, _: Reading): Promise<ActResult> =>
  attempt(async (send) => {
    const password = wire.credentials?.password ?? refuse('no password')
    const [path, param] = await orderOf(wire, command)
    const body = { param, password }
    const request: HttpRequest = { method: 'POST', port: 'rpc', path, body }
    await send(async () => judge(dig(await change(wire, (ask) => ask(), request))))
    return path.slice(1)
  })

/** A refusal has status 200. */
const judge = (answer: JsonObject | null) => {
  if (at(answer, 'result') !== false) return
  const reason = textAt(answer, 'error') ?? 'refused without a reason'
  if (/password/i.test(reason)) refusePassword(reason)
  refuse(reason)
}

const orderOf = async (wire: Wire, command: MinerCommand): Promise<Order> => {
  switch (command.type) {
    case 'reboot':
      return ['/reboot', '0']
    case 'restart_mining':
      return ['/softreboot', '0']
    case 'pause':
      return ['/miner', 'Stop']
    case 'resume':
      return ['/miner', 'Autostart']
    case 'locate':
      return ['/identify', command.on]
    case 'set_pools':
      return ['/coin', toCoin(command.pools, await summaryOf(wire))]
    case 'set_power_limit':
      return tuneOrder(wire, true, command.watts)
    case 'set_hashrate_target':
      return tuneOrder(wire, false, command.ths)
    default:
      return refuse(`${command.type} is unknown to ePIC`)
  }
}

const summaryOf = async (wire: Wire) => dig(await wire.json({ path: '/summary', port: 'rpc' }))

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** The coin and the way to name workers stay as they are. */
const toCoin = (pools: Pools, summary: JsonObject | null): Json => {
  if (pools.length === 0) return refuse('at least one pool')
  return {
    coin: textAt(dig(summary, 'Mining'), 'Coin') ?? 'BTC',
    stratum_configs: pools.map(({ url, user, password }) => ({ pool: url, login: user, password })),
    unique_id: at(dig(summary, 'Stratum'), 'Worker Unique Id') === true,
  }
}

const POWER = 'PowerTune'

/**
 * The algorithm that runs now, if it has a target of this kind, else the first of this kind that the
 * machine offers. How far it may throttle is sent along, as the miner would forget it otherwise.
 */
const tuneOrder = async (wire: Wire, isPower: boolean, value: number): Promise<Order> => {
  const tune = dig(await summaryOf(wire), 'PerpetualTune', 'Algorithm')
  const [current] = Object.keys(tune ?? {})
  const offers = objectsOf(
    at(dig(await wire.json({ path: '/capabilities', port: 'rpc' })), 'PerpetualTune')
  )
  const names = [current, ...(offers ?? []).map((offer) => textAt(offer, 'algorithm'))]
  const algo = names.find((name) => typeof name === 'string' && (name === POWER) === isPower)
  if (typeof algo !== 'string') {
    return refuse(`this machine tunes to no ${isPower ? 'power' : 'hashrate'}`)
  }
  const settings = current === undefined ? null : dig(tune, current)
  const kept: JsonObject = {}
  for (const [to, from] of [
    ['min_throttle', 'Min Throttle Target'],
    ['throttle_step', 'Throttle Step'],
  ] as const) {
    const setting = at(settings, from)
    if (algo === current && setting !== undefined) kept[to] = setting
  }
  return ['/perpetualtune/algo', { algo, target: Math.round(value), ...kept }]
}
