import { decrypt, encrypt } from '../../../drivers/whatsminer/crypto.js'
import type { SimulatedMiner } from '../../contract.js'
import { bodyOf } from '../words.js'
import { textIn } from '../parts.js'
import { isSilent, ORDERS, percentOrder } from './orders.js'
import { limitOf } from './rows.js'
import { aesOf, giveToken, isSigned } from './tokens.js'

export interface Said {
  letter?: 'S' | 'E'
  code: number
  msg: unknown
}

/** What the miner says, and how it is closed where the question was. */
export interface Given {
  said: Said
  seal?: (text: string) => string
}

const no = (code: number, msg: string): Said => ({ letter: 'E', code, msg })
const CLOSED = no(45, "can't access write cmd")
const OK: Said = { code: 131, msg: 'API command OK' }
const PERCENT = 'set_power_pct'

const isWrite = (command: string) => Object.hasOwn(ORDERS, command) || command === PERCENT
/** Nobody switched the API on with MicroBT's tool, which asks for a password then. */
const isClosed = ({ account }: SimulatedMiner) => account.password === ''

/**
 * What needs a token, and the token. `nothing`: it hangs up; null: a question like any other.
 */
export const privileged = (
  miner: SimulatedMiner,
  request: Record<string, unknown>
): Given | 'nothing' | null => {
  const command = textIn(request, 'cmd') || textIn(request, 'command')
  if (command === 'get_token') return { said: tokenFor(miner) }
  if ('enc' in request) return opened(miner, textIn(request, 'data'))
  if (!isWrite(command)) return null
  return { said: refused(miner, command, isClosed(miner) ? CLOSED : no(45, 'permission denied')) }
}

const tokenFor = (miner: SimulatedMiner): Said => {
  const seed = giveToken(miner)
  return seed === null ? no(136, 'over max connect') : { code: 134, msg: { ...seed } }
}

const refused = (miner: SimulatedMiner, command: string, said: Said): Said => {
  miner.denied(command, String(said.msg))
  return said
}

/** With another password than ours it opens to noise. */
const opened = (miner: SimulatedMiner, data: string): Given | 'nothing' => {
  if (isClosed(miner)) return { said: refused(miner, 'encrypted', CLOSED) }
  const aes = aesOf(miner)
  const request = bodyOf(decrypt(aes, data) ?? '')
  if (!request) return { said: refused(miner, 'encrypted', no(23, 'enc json load err')) }
  const seal = (text: string) => encrypt(aes, text)
  const command = textIn(request, 'cmd')
  if (!isSigned(miner, textIn(request, 'token'))) {
    return { said: refused(miner, command, no(135, 'check token error')), seal }
  }
  const said = obeyed(miner, command, request)
  return isSilent(command) && said === OK ? 'nothing' : { said, seal }
}

const obeyed = (miner: SimulatedMiner, command: string, request: Record<string, unknown>): Said => {
  if (!isWrite(command)) return no(14, 'invalid cmd')
  const order =
    command === PERCENT
      ? percentOrder(request, limitOf(miner, miner.now()))
      : ORDERS[command]!(request)
  if (order === null) return no(132, 'API command ERROR')
  miner.order(order)
  return OK
}
