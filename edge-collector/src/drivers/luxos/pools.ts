import { rowsOf } from '../../values/json.js'
import type { Wire } from '../../wire/contract.js'
import { refuse, type Send } from '../attempt.js'
import { slotAt } from '../cgminer_answers.js'
import type { MinerCommand } from '../contract.js'

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** cgminer splits its parameter at commas. */
const escaped = (text: string) => text.replace(/[\\,|]/g, '\\$&')

/** Adds the new pools, goes over to the first of them and removes the old ones, last first. */
export const setPools = async (wire: Wire, send: Send, pools: Pools): Promise<string> => {
  if (pools.length === 0) return refuse('a miner needs a pool')
  const old = await poolIds(wire)
  for (const { url, user, password } of pools) {
    await send(() => wire.rpc('addpool', [url, user, password].map(escaped).join(',')))
  }
  const first = (await poolIds(wire)).find((id) => !old.includes(id))
  if (first === undefined) return refuse('the new pools are not in the list of the miner')
  await send(() => wire.rpc('switchpool', String(first)))
  for (const id of old.toReversed()) await send(() => wire.rpc('removepool', String(id)))
  return `${pools.length} pools set, ${old.length} removed`
}

const poolIds = async (wire: Wire): Promise<number[]> =>
  (rowsOf(await wire.rpc('pools'), 'POOLS') ?? [])
    .flatMap((row) => slotAt(row, 'POOL') ?? [])
    .toSorted((a, b) => a - b)
