import type { FoundMiner } from '../../protocol/messages.js'
import type { KnownMiner } from './registry.js'

/**
 * A machine that did not say who it is this time, as it was busy or a login failed, is the one that
 * was at its address before, if it is of the same family: no second machine is made of it.
 */
export function recognised(
  found: readonly FoundMiner[],
  known: readonly Pick<KnownMiner, 'key' | 'ip' | 'driver' | 'isGone'>[]
): FoundMiner[] {
  const here = new Map(known.filter(({ isGone }) => !isGone).map((one) => [one.ip, one]))
  const named = new Set(found.map(({ miner }) => miner))
  return found.map((one) => {
    const before = here.get(one.ip)
    const isNameless = one.miner.startsWith('ip:')
    // Unless that one was found somewhere else.
    if (!isNameless || !before || before.driver !== one.driver || named.has(before.key)) return one
    return { ...one, miner: before.key }
  })
}
