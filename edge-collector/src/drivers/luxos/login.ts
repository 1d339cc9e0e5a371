import { rowOf, textAt } from '../../values/json.js'
import { type Wire, WireError } from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { refuse } from '../attempt.js'

const SESSION_ID = /^[\w-]{1,64}$/

/**
 * LuxOS has one session for everybody. One that is open already is used and left open; one of our
 * own is closed, whatever came of the command.
 */
export const inSession = async (
  wire: Wire,
  run: (sid: string) => Promise<string>
): Promise<string> => {
  const own = await logOn(wire)
  const sid = own ?? (await openSession(wire)) ?? refuse('no session: another one is open')
  try {
    return await run(sid)
  } finally {
    if (own !== null) await logOff(wire, own)
  }
}

const logOn = async (wire: Wire): Promise<string | null> => {
  try {
    return sessionOf(await wire.rpc('logon'))
  } catch (error) {
    if (error instanceof ApiRefusal) return null
    throw error
  }
}

const openSession = async (wire: Wire) => sessionOf(await wire.rpc('session'))

const sessionOf = (answer: Awaited<ReturnType<Wire['rpc']>>): string | null => {
  const sid = textAt(rowOf(answer, 'SESSION'), 'SessionID')
  return sid !== null && SESSION_ID.test(sid) ? sid : null
}

/** A miner that reboots hangs up; its sessions end on their own as well. */
const logOff = async (wire: Wire, sid: string) => {
  try {
    await wire.rpc('logoff', sid)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
}
