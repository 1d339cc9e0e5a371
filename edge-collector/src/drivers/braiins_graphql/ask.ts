import { at, textAt } from '../../values/json.js'
import {
  type HttpRequest,
  type Json,
  type JsonObject,
  type Wire,
  WireError,
} from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { dig, objectsOf } from '../web/dig.js'
import { cookieOf, type Headers, type Login } from '../web/login.js'
import { LOGIN } from './queries.js'

/** A request for the only path there is. */
export const toRequest = (
  operationName: string,
  query: string,
  variables: JsonObject = {}
): HttpRequest => ({
  method: 'POST',
  path: '/graphql',
  body: { operationName, query, variables },
})

/** Asks one query and gives its data. GraphQL refuses with status 200 and `errors`. */
export const askGraphql = async (
  wire: Wire,
  headers: Headers,
  query: [name: string, text: string]
): Promise<JsonObject> => {
  const answer = await wire.json({ ...toRequest(...query), headers })
  const refusal = refusalOf(answer)
  if (refusal) throw refusal
  const data = dig(answer, 'data')
  if (!data) throw new WireError('empty', 'an answer without data')
  return data
}

const NOT_ALLOWED = /unauth|not logged|permission|denied|forbidden/i
/** Fields come and go with versions. */
const NOT_KNOWN = /unknown (field|type|argument)|cannot query|no such field/i

const refusalOf = (answer: Json): WireError | null => {
  const errors = objectsOf(at(dig(answer), 'errors'))
  if (errors === null || errors.length === 0) return null
  const message = textAt(errors[0]!, 'message') ?? 'refused without a reason'
  if (NOT_ALLOWED.test(message)) return new WireError('auth', message)
  return new ApiRefusal({ code: null, message }, NOT_KNOWN.test(message))
}

/** Why a mutation did not work, null when it did: the type of the result or its message says so. */
export const failureOf = (answer: Json | null): string | null => {
  const refusal = answer === null ? null : refusalOf(answer)
  return refusal ? refusal.message : messageIn(dig(answer, 'data'), 0)
}

const DEEPEST = 8

const messageIn = (object: JsonObject | null, depth: number): string | null => {
  if (object === null || depth > DEEPEST) return null
  if (/error$/i.test(textAt(object, '__typename') ?? '')) {
    return textAt(object, 'message') ?? 'refused without a reason'
  }
  for (const value of Object.values(object)) {
    const message = messageIn(dig(value), depth + 1)
    if (message !== null) return message
  }
  return null
}

/** The session lives in a cookie that only a right password gets. */
export const login: Login = async (wire): Promise<Headers> => {
  if (!wire.credentials) return {}
  const { user: username, password } = wire.credentials
  const answer = await wire.http(toRequest('login', LOGIN, { username, password }))
  if (answer.status === 404) throw new ApiRefusal({ code: 404, message: 'HTTP status' }, true)
  const session = cookieOf(answer.headers['set-cookie'], 'session_id')
  if (session === null) throw new WireError('auth', 'no session for these credentials')
  return { cookie: `session_id=${session}` }
}
