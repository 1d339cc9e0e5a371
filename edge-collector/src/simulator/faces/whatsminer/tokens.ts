import { createHash, randomBytes } from 'node:crypto'
import { type Keys, toKeys, type TokenSeed } from '../../../drivers/whatsminer/crypto.js'
import type { SimulatedMiner } from '../../contract.js'

interface Given extends TokenSeed {
  at: number
}

const LIFE_MS = 30 * 60_000
const MOST = 32
const MEMORY = 'tokens'

/** crypt's alphabet; the salt stays the same as long as the password does. */
const asSalt = (bytes: Buffer) => bytes.toString('base64').replace(/[+=]/g, '.').slice(0, 8)
const saltOf = ({ serial, account }: SimulatedMiner) =>
  asSalt(createHash('md5').update(`${serial} ${account.password}`).digest())

const tokensOf = (miner: SimulatedMiner): Given[] => {
  const { at } = miner.now()
  const tokens = (miner.memory.get(MEMORY) as Given[] | undefined) ?? []
  return tokens.filter((token) => at >= token.at && at - token.at < LIFE_MS)
}

/** A token of its own for whoever asks; null while too many are out. */
export const giveToken = (miner: SimulatedMiner): TokenSeed | null => {
  const tokens = tokensOf(miner)
  if (tokens.length >= MOST) return null
  const { at } = miner.now()
  const seed = {
    time: String(Math.floor(at / 1000)).slice(-4),
    salt: saltOf(miner),
    newsalt: asSalt(randomBytes(6)),
  }
  miner.memory.set(MEMORY, [...tokens, { ...seed, at }])
  return seed
}

/** What opens an encrypted command, whichever token signed it. */
export const aesOf = (miner: SimulatedMiner): Buffer =>
  toKeys(miner.account.password, { time: '', salt: saltOf(miner), newsalt: '' }).aes

/** Whether one of the tokens that are still good signs so. */
export const isSigned = (miner: SimulatedMiner, sign: string): boolean =>
  tokensOf(miner).some((seed): boolean => {
    const keys: Keys = toKeys(miner.account.password, seed)
    return keys.sign === sign
  })
