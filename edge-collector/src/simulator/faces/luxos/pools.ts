import type { Moment, SimulatedMiner, SimulatedPool } from '../../contract.js'
import { poolRows } from '../words.js'
import { poolsMessage } from '../cgminer_rows.js'
import { told } from '../parts.js'
import type { Answer, Asked } from '../rpc.js'

type Entry = Pick<SimulatedPool, 'url' | 'user' | 'password'>

/** Pools by their number, with their priority: the machine itself only knows the latter. */
interface Book {
  entries: Entry[]
  priorities: number[]
}

const MEMORY = 'pools'

const isSame = (a: Entry, b: Entry | undefined) => a.url === b?.url && a.user === b.user

/** What was noted, as long as it is still what the machine has. */
const bookOf = (miner: SimulatedMiner, { pools }: Moment): Book => {
  const noted = miner.memory.get(MEMORY) as Book | undefined
  const isGood =
    noted?.entries.length === pools.length &&
    noted.entries.every((entry, number) => isSame(entry, pools[noted.priorities[number]!]))
  return isGood ? noted : { entries: [...pools], priorities: pools.map((_, index) => index) }
}

/** Numbers stay in the order of adding, priorities without gaps. */
const keep = (miner: SimulatedMiner, { entries, priorities }: Book): void => {
  const order = priorities
    .map((priority, number) => ({ priority, number }))
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ number }) => number)
  const book: Book = { entries, priorities: entries.map((_, number) => order.indexOf(number)) }
  miner.memory.set(MEMORY, book)
  const pools = order.map((number) => entries[number]!)
  miner.order({
    type: 'set_pools',
    pools: pools.map(({ url, user, password }) => ({ url, user, password })),
  })
}

/** cgminer's way to have commas in words. */
const wordsIn = (parameter: string): string[] =>
  parameter.split(/(?<!\\),/).map((word) => word.replace(/\\(.)/g, '$1'))

export const pools: Answer = ({ miner, moment, yes }) => {
  const { priorities } = bookOf(miner, moment)
  const rows = poolRows(moment)
  return yes(7, poolsMessage(moment), {
    POOLS: told(
      moment,
      'pools',
      priorities.map((priority, number) => ({ ...rows[priority]!, POOL: number, GROUP: 0 }))
    ),
  })
}

export const addPool: Answer = ({ miner, moment, parameter, yes, no }) => {
  const [url = '', user = '', password = ''] = wordsIn(parameter)
  if (url === '' || user === '') return no(53, `Invalid addpool details '${parameter}'`)
  const { entries, priorities } = bookOf(miner, moment)
  keep(miner, {
    entries: [...entries, { url, user, password }],
    priorities: [...priorities, entries.length],
  })
  return yes(55, `Added pool ${entries.length}: '${url}'`)
}

const numberIn = ({ parameter }: Asked, { entries }: Book): number | null => {
  const number = /^\d{1,3}$/.test(parameter) ? Number(parameter) : -1
  return number >= 0 && number < entries.length ? number : null
}

export const switchPool: Answer = (asked) => {
  const { miner, moment, yes, no } = asked
  const book = bookOf(miner, moment)
  const number = numberIn(asked, book)
  if (number === null) return no(8, 'Invalid pool id')
  const priorities = book.priorities.map((priority, other) => (other === number ? -1 : priority))
  keep(miner, { ...book, priorities })
  return yes(27, `Switching to pool ${number}: '${book.entries[number]!.url}'`)
}

export const removePool: Answer = (asked) => {
  const { miner, moment, yes, no } = asked
  const book = bookOf(miner, moment)
  const number = numberIn(asked, book)
  if (number === null) return no(8, 'Invalid pool id')
  if (book.entries.length === 1) return no(66, 'Cannot remove last pool')
  if (moment.pools[book.priorities[number]!]?.isActive) {
    return no(67, `Cannot remove active pool ${number}`)
  }
  const others = <T>(list: T[]) => list.filter((_, index) => index !== number)
  keep(miner, { entries: others(book.entries), priorities: others(book.priorities) })
  return yes(68, `Removed pool ${number}`)
}
