import { asList, asObject, at } from '../values/json.js'
import { type JsonObject, WireError } from '../wire/contract.js'
import { judged } from '../wire/status.js'
import type { Session } from './contract.js'

/**
 * The session after these commands were asked at once, as `version+summary`: one connection instead
 * of many. Who refuses that, answers it badly, too late or in part is asked for the rest one by one,
 * so that nothing else differs. Only for firmware that is known to join what has no parameter.
 */
export const joining = async (session: Session, commands: readonly string[]): Promise<Session> => {
  const found = await askAll(session, commands)
  return {
    ...session,
    rpc: (command, parameter) => {
      const part = parameter === undefined ? found(command) : null
      return part === null ? session.rpc(command, parameter) : session.ask(command, part)
    },
  }
}

type Part = () => Promise<JsonObject>
type Found = (command: string) => Part | null

const askAll = async (session: Session, commands: readonly string[]): Promise<Found> => {
  try {
    const answer = await session.wire.rpc(commands.join('+'))
    return (command) => partOf(answer, command)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return () => null
  }
}

/** A list with one answer, which has a STATUS of its own; null: there is none. */
const partOf = (answer: JsonObject, command: string): Part | null => {
  const value = at(answer, command)
  const part = asObject(asList(value)?.[0] ?? value)
  return part && (async () => judged(part))
}
