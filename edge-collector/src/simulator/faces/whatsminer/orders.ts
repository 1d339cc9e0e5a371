import type { MinerCommand } from '../../../drivers/contract.js'
import { amountIn, textIn } from '../parts.js'

/** A command of API V2 in our words; null: not as the miner wants it. */
export type Order = (request: Record<string, unknown>) => MinerCommand | null

const plain =
  (type: 'reboot' | 'restart_mining' | 'pause' | 'resume'): Order =>
  () => ({ type })
const mode =
  (name: 'low' | 'normal' | 'high'): Order =>
  () => ({ type: 'set_power_mode', mode: name })

const limit: Order = ({ power_limit: given }) => {
  // It takes text and nothing else.
  const watts = typeof given === 'string' ? amountIn(given) : null
  return watts === null || watts > 99_999 ? null : { type: 'set_power_limit', watts }
}

/** Three of each; empty ones are none. */
const pools: Order = (request) => {
  const rows = [1, 2, 3].map((number) => ({
    url: textIn(request, `pool${number}`),
    user: textIn(request, `worker${number}`),
    password: textIn(request, `passwd${number}`),
  }))
  const given = rows.filter(({ url }) => url !== '')
  return given.length === 0 ? null : { type: 'set_pools', pools: given }
}

const led: Order = (request) => {
  if (textIn(request, 'param') === 'auto') return { type: 'locate', on: false }
  return textIn(request, 'color') === '' ? null : { type: 'locate', on: true }
}

/** What is changed by a command that must be signed. */
export const ORDERS: Readonly<Record<string, Order>> = {
  reboot: plain('reboot'),
  restart_btminer: plain('restart_mining'),
  power_off: plain('pause'),
  power_on: plain('resume'),
  adjust_power_limit: limit,
  set_low_power: mode('low'),
  set_normal_power: mode('normal'),
  set_high_power: mode('high'),
  update_pools: pools,
  set_led: led,
}

/** The whole machine comes to a stop before it could answer. */
export const isSilent = (command: string): boolean => /^set_(low|normal|high)_power$/.test(command)

/** "80" of the power that it is limited to, or that it has. */
export const percentOrder = (
  request: Record<string, unknown>,
  ofW: number
): MinerCommand | null => {
  const percent = amountIn(textIn(request, 'percent'))
  if (percent === null || percent > 100) return null
  return { type: 'set_power_limit', watts: Math.round((ofW * percent) / 100) }
}
