import type { MinerCommand } from '../../../drivers/contract.js'
import type { Moment, SimulatedMiner } from '../../contract.js'

export type Staged = Extract<MinerCommand, { type: 'set_pools' }>['pools']
/** What was set and counts from the next start. */
export const STAGED = 'staged pools'

/** A pool as AxeOS keeps it: the address in two fields, without a scheme. */
export interface Place {
  host: string
  port: number
  user: string
  password: string
}

const toPlace = ({ url, user, password }: Staged[number]): Place => {
  const [, host = '', port = '0'] = /^(?:[a-z0-9+]+:\/\/)?([^:/]*):?(\d*)/i.exec(url) ?? []
  return { host, port: Number(port), user, password }
}

const toPool = ({ host, port, user, password }: Place) => ({
  url: `stratum+tcp://${host}:${port}`,
  user,
  password,
})

/** The pool and the one to fall back on, as they are set. */
export const placesOf = ({ memory }: SimulatedMiner, { pools }: Moment): Place[] =>
  ((memory.get(STAGED) as Staged | undefined) ?? pools).slice(0, 2).map(toPlace)

const PREFIXES = ['stratum', 'fallbackStratum'] as const

/** Takes the fields that are about pools; false: one of them cannot be. */
export const stage = (
  miner: SimulatedMiner,
  moment: Moment,
  settings: Record<string, unknown>
): boolean => {
  const keys = Object.keys(settings).filter((key) => /stratum(URL|Port|User|Password)$/i.test(key))
  if (keys.length === 0) return true
  const old = placesOf(miner, moment)
  const places = PREFIXES.map((prefix, index) => {
    const value = <T>(name: string, kept: T) => (settings[`${prefix}${name}`] ?? kept) as T
    const place = old[index] ?? { host: '', port: 0, user: '', password: '' }
    return {
      host: value('URL', place.host),
      port: value('Port', place.port),
      user: value('User', place.user),
      password: value('Password', place.password),
    }
  }).filter(({ host }) => host !== '')
  if (!places.every(isPossible)) return false
  miner.memory.set(STAGED, places.map(toPool))
  return true
}

const isPossible = ({ host, port, user, password }: Place) =>
  [host, user, password].every((text) => typeof text === 'string') &&
  Number.isInteger(port) &&
  port > 0 &&
  port < 65_536
