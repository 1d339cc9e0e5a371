import type { BatchAnswer } from '../../protocol/messages.js'
import type { Claimed } from '../store/claims.js'
import type { Schedule } from './schedule.js'

/**
 * Machines that the portal does not count among ours: nobody accepted them yet, or they stand at
 * another site by its books. They are asked seldom, so that it can be seen when that changes.
 */
export class Strangers {
  readonly #schedule: Schedule
  readonly #keys = new Set<string>()

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  get count(): number {
    return this.#keys.size
  }

  /** What the portal said to a batch. Gives the samples that it kept aside for another reason. */
  hear(claimed: Claimed, { quarantined }: BatchAnswer): BatchAnswer['quarantined'] {
    if (claimed.kind === 'meters') return quarantined
    if (quarantined.length === 0 && this.#keys.size === 0) return []
    const samples = claimed.samples()
    const foreign = new Set<string>()
    for (const { index, reason } of quarantined) {
      const miner = samples[index]?.miner
      if (miner && reason === 'not_ours') foreign.add(miner)
    }
    for (const { miner } of samples) this.#set(miner, foreign.has(miner))
    return quarantined.filter(({ reason }) => reason !== 'not_ours')
  }

  /** The portal names machines that are ours now. */
  accept(keys: unknown): void {
    if (!Array.isArray(keys)) return
    for (const key of keys) if (typeof key === 'string') this.#set(key, false)
  }

  /** After the schedule got other miners. */
  apply(): void {
    for (const key of this.#keys) this.#schedule.setStranger(key, true)
  }

  #set(miner: string, isStranger: boolean): void {
    if (isStranger === this.#keys.has(miner)) return
    if (isStranger) this.#keys.add(miner)
    else this.#keys.delete(miner)
    this.#schedule.setStranger(miner, isStranger)
  }
}
