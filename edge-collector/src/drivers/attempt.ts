import { WireError } from '../wire/contract.js'
import { NO_CONNECTION } from '../wire/tcp.js'
import type { ActResult } from './contract.js'

/** Sends what changes the miner; everything else that `attempt` does only asks. */
export type Send = <T>(change: () => Promise<T>) => Promise<T>

/** The question reached the miner, so that it may have been obeyed. */
const LOST = ['timeout', 'reset', 'empty', 'truncated']

/**
 * Runs a command and gives what became of it; `steps` returns the detail. Every change is sent
 * once: when its answer is lost it stays open whether it was obeyed. Reading again tells that,
 * sending again could do it twice.
 */
export const attempt = async (steps: (send: Send) => Promise<string>): Promise<ActResult> => {
  let done = 0
  let isOpen = false
  const send: Send = async (change) => {
    isOpen = true
    const answer = await change()
    isOpen = false
    done++
    return answer
  }
  try {
    return { accepted: true, detail: await steps(send) }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    const isLost = LOST.includes(error.kind) && !error.message.startsWith(NO_CONNECTION)
    const before = done > 0 ? `after ${done} accepted: ` : ''
    return {
      accepted: isOpen && isLost ? null : false,
      detail: `${before}${error.kind}: ${error.message}`,
    }
  }
}

/** The firmware or the request do not allow it; nothing more is sent. */
export const refuse = (reason: string): never => {
  throw new WireError('unsupported', reason)
}

/** The miner does not take these credentials; `reason` are its own words. */
export const refusePassword = (reason: string): never => {
  throw new WireError('auth', `the miner does not take these credentials: ${reason}`)
}
