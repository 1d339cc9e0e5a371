import { randomBytes } from 'node:crypto'
import type { SimulatedMiner } from '../contract.js'

const MEMORY = 'web tokens'
/** A web interface remembers so many. */
const MOST = 16

type Tokens = ReadonlyMap<string, number>

const tokensOf = ({ memory }: SimulatedMiner): Tokens =>
  (memory.get(MEMORY) as Tokens | undefined) ?? new Map<string, number>()

/** A token that is good for a while from now; the oldest goes when there are too many. */
export const giveWebToken = (miner: SimulatedMiner, lifeS: number): string => {
  const token = randomBytes(24).toString('hex')
  const kept = [...tokensOf(miner)].slice(1 - MOST)
  miner.memory.set(MEMORY, new Map([...kept, [token, miner.now().at + lifeS * 1000]]))
  return token
}

/** Whether it was given and is still good. */
export const isWebToken = (miner: SimulatedMiner, token: string): boolean =>
  (tokensOf(miner).get(token) ?? 0) > miner.now().at
