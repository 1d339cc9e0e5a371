import { randomBytes } from 'node:crypto'
import type { SimulatedMiner } from '../../contract.js'
import type { Answer, Asked } from '../rpc.js'

interface Session {
  id: string
  usedAt: number
}

const MEMORY = 'session'
/** Of nobody's using it. */
const LIFE_MS = 60_000

const openOf = (miner: SimulatedMiner): Session | null => {
  const session = miner.memory.get(MEMORY) as Session | undefined
  const isOver = session === undefined || miner.now().at - session.usedAt > LIFE_MS
  return isOver ? null : session
}

const rows = (SessionID: string) => ({ SESSION: [{ SessionID }] })

/** One session for everybody. */
export const logon: Answer = ({ miner, moment, yes, no }) => {
  if (openOf(miner)) return no(402, 'Another session is active')
  const id = randomBytes(6).toString('base64url')
  miner.memory.set(MEMORY, { id, usedAt: moment.at } satisfies Session)
  return yes(316, 'Session created', rows(id))
}

export const session: Answer = ({ miner, yes }) =>
  yes(319, 'Session', rows(openOf(miner)?.id ?? ''))

/** Of a session that ended by itself as well: that is no attempt at anything. */
export const logoff: Answer = ({ miner, parameter, yes, no }) => {
  if (parameter === '' || parameter !== openOf(miner)?.id) return no(303, 'Invalid session ID')
  miner.memory.delete(MEMORY)
  return yes(318, 'Session closed')
}

/** Ends whatever session there is, whoever asks. */
export const kill: Answer = ({ miner, yes }) => {
  miner.memory.delete(MEMORY)
  return yes(318, 'Session closed')
}

/** A command whose parameter begins with the session; it is given the words behind. */
export const withSession =
  (run: (asked: Asked, words: string[]) => object): Answer =>
  (asked) => {
    const { miner, command, moment } = asked
    const [sid = '', ...words] = asked.parameter.split(',')
    const open = openOf(miner)
    if (open === null || sid !== open.id) {
      miner.denied(command, sid === '' ? 'no session' : 'another session')
      return asked.no(303, sid === '' ? 'Session ID required' : 'Invalid session ID')
    }
    miner.memory.set(MEMORY, { ...open, usedAt: moment.at } satisfies Session)
    return run(asked, words)
  }
