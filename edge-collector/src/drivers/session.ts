import type { Problem } from '../../protocol/record.js'
import { WireError, type Wire } from '../wire/contract.js'
import { ApiRefusal } from '../wire/status.js'
import type { Session } from './contract.js'

/** A session that also knows whether the miner answered anything. */
export interface CountingSession extends Session {
  readonly answered: number
}

const LONGEST_DETAIL = 200
const MOST_PROBLEMS = 50

/** One poll of one miner. What fails on the wire becomes a problem; what fails in here is a bug. */
export const createSession = (wire: Wire): CountingSession => {
  const problems: Problem[] = []
  let answered = 0

  const note = (problem: Problem) => {
    if (problems.length >= MOST_PROBLEMS) return
    problems.push({ ...problem, detail: problem.detail.slice(0, LONGEST_DETAIL) })
  }
  const ask: Session['ask'] = async (name, question) => {
    try {
      const answer = await question()
      answered++
      return answer
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      note({ request: name, kind: kindOf(error), detail: error.message })
      return null
    }
  }
  return {
    wire,
    problems,
    get answered() {
      return answered
    },
    ask,
    note,
    rpc: (command, parameter) =>
      ask(parameter === undefined ? command : `${command} ${parameter}`, () =>
        wire.rpc(command, parameter)
      ),
    get: (path, headers) =>
      ask(`GET ${path}`, () =>
        wire.json({ path, headers, ...(wire.credentials ? { auth: wire.credentials } : {}) })
      ),
  }
}

/** A firmware that does not know a question has no fault: the question does not apply. */
const kindOf = (error: WireError): Problem['kind'] =>
  error instanceof ApiRefusal && error.isUnknownQuestion ? 'unsupported' : error.kind

/** Whether this firmware said that it has no such command. */
export const isUnsupported = (session: Session, request: string): boolean =>
  session.problems.some((problem) => problem.request === request && problem.kind === 'unsupported')
