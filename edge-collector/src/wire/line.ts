import { WireError } from './contract.js'
import { NO_CONNECTION } from './tcp.js'

/** How long one question may take. */
export interface Limits {
  connectMs: number
  deadlineMs: number
}

/** Asks once the line is free; `askMs` for the question alone. */
export type Line = <T>(
  port: number,
  askMs: number,
  question: (limits: Limits) => Promise<T>
) => Promise<T>

/** A lost SYN is sent again after a second: the second try waits for that. */
const RETRY_FACTOR = 3

/**
 * One question at a time, as many miners serve few connections, and all of them before one
 * deadline. A port that takes no connection twice is not tried again.
 */
export const createLine = (pollMs: number, connectMs: number): Line => {
  const silent = new Set<number>()
  let startedAt: number | null = null
  let last: Promise<unknown> = Promise.resolve()

  const leftMs = () => {
    startedAt ??= performance.now()
    return Math.floor(pollMs - (performance.now() - startedAt))
  }
  const limits = (askMs: number, tryMs: number): Limits => {
    const deadlineMs = Math.min(askMs, leftMs())
    if (deadlineMs <= 0) throw new WireError('timeout', `no answer: ${pollMs} ms are over`)
    return { deadlineMs, connectMs: Math.min(tryMs, deadlineMs) }
  }
  const askTwice: Line = async (port, askMs, question) => {
    if (silent.has(port)) throw new WireError('timeout', `${NO_CONNECTION}, as before`)
    try {
      return await question(limits(askMs, connectMs))
    } catch (error) {
      if (!isSilence(error)) throw error
    }
    try {
      return await question(limits(askMs, connectMs * RETRY_FACTOR))
    } catch (error) {
      if (isSilence(error)) silent.add(port)
      throw error
    }
  }
  return (port, askMs, question) => {
    const answer = last.then(() => askTwice(port, askMs, question))
    // Whoever asked hears of the failure; the next question only waits for its end.
    last = answer.catch(() => {})
    return answer
  }
}

/** Nothing was sent yet, so trying again repeats nothing. */
const isSilence = (error: unknown) =>
  error instanceof WireError && error.kind === 'timeout' && error.message.startsWith(NO_CONNECTION)
