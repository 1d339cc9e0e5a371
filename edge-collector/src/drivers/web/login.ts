import type { Session } from '../contract.js'
import {
  type Credentials,
  type HttpRequest,
  type Json,
  type Wire,
  WireError,
} from '../../wire/contract.js'
import { cleanText } from '../../values/text.js'

/** What shows that one has logged in. */
export type Headers = Record<string, string>

/** Logs in with the credentials of the wire; throws `auth` when they are wrong. */
export type Login = (wire: Wire) => Promise<Headers>

/** A login that answers with a token. */
export interface TokenLogin {
  request(credentials: Credentials): HttpRequest
  tokenOf(answer: Json): Json | undefined
  headers(token: string): Headers
}

const LONGEST_TOKEN = 4096

/** Without credentials nothing is tried and no header sent. */
export const tokenLogin =
  ({ request, tokenOf, headers }: TokenLogin): Login =>
  async (wire) => {
    if (!wire.credentials) return {}
    const answer = await wire.json({ method: 'POST', ...request(wire.credentials) })
    const token = cleanText(tokenOf(answer), LONGEST_TOKEN)
    if (token === null) throw new WireError('auth', 'no token for these credentials')
    return headers(token)
  }

/**
 * The headers for the questions of a poll; null: it is no use to ask on. A firmware without a login
 * is asked without.
 */
export const logIn = async (session: Session, login: Login): Promise<Headers | null> => {
  if (!session.wire.credentials) return {}
  const headers = await session.ask('login', () => login(session.wire))
  return headers ?? (session.problems.at(-1)?.kind === 'unsupported' ? {} : null)
}

/**
 * Asks first without having logged in: whether it is a miner at all is not known yet, and what is
 * none need not see a password.
 */
export const askAsNeeded = async <T>(
  session: Session,
  login: Login,
  question: (headers: Headers) => Promise<T | null>
): Promise<T | null> => {
  const answer = await question({})
  const isRefused = answer === null && session.problems.at(-1)?.kind === 'auth'
  if (!isRefused || !session.wire.credentials) return answer
  const headers = await logIn(session, login)
  return headers === null ? null : question(headers)
}

/** The value of a cookie that an answer sets. */
export const cookieOf = (header: string | undefined, name: string): string | null => {
  for (const line of (header ?? '').split('\n')) {
    const [pair = ''] = line.split(';')
    if (pair.trim().startsWith(`${name}=`)) {
      const value = pair.trim().slice(name.length + 1)
      return /^[\w.~+/=%-]{1,512}$/.test(value) ? value : null
    }
  }
  return null
}
