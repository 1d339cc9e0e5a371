import { createHash, randomBytes } from 'node:crypto'
import type { Challenge } from './challenge.js'
import type { Credentials } from './contract.js'

/** The request that an answer to a challenge is for. */
export interface Guarded {
  method: string
  /** Path and query as sent. */
  uri: string
}

const HASHES: Record<string, string> = { 'md5': 'md5', 'sha-256': 'sha256' }
const isKnown = (algorithm: string) => Object.hasOwn(HASHES, algorithm.replace(/-sess$/, ''))

/** Whether we can answer: a known algorithm, and `auth` among the ways to protect or none named. */
const isAnswerable = ({ scheme, params }: Challenge) => {
  const qop = params.get('qop')
  return (
    scheme === 'digest' &&
    params.has('nonce') &&
    isKnown(algorithmOf(params)) &&
    (qop === undefined || qop === '' || hasAuth(qop))
  )
}

const algorithmOf = (params: Map<string, string>) =>
  (params.get('algorithm') ?? 'MD5').toLowerCase()
const hasAuth = (qop: string) => /(^|[\s,])auth($|[\s,])/i.test(qop)

/**
 * The `Authorization` header that answers the challenges: digest (RFC 7616; the server lists what it
 * prefers first), else basic (RFC 7617); null when we know none of the ways.
 */
export const authorize = (
  challenges: readonly Challenge[],
  request: Guarded,
  credentials: Credentials,
  cnonce = randomBytes(16).toString('hex')
): string | null => {
  const digest = challenges.find(isAnswerable)
  if (digest) return answerDigest(digest.params, request, credentials, cnonce)
  if (!challenges.some(({ scheme }) => scheme === 'basic')) return null
  const pair = Buffer.from(`${credentials.user}:${credentials.password}`)
  return `Basic ${pair.toString('base64')}`
}

const answerDigest = (
  params: Map<string, string>,
  request: Guarded,
  { user, password }: Credentials,
  cnonce: string
): string => {
  const algorithm = algorithmOf(params)
  const isSession = algorithm.endsWith('-sess')
  const hash = hashOf(HASHES[algorithm.replace(/-sess$/, '')]!)
  const [realm, nonce] = [params.get('realm') ?? '', params.get('nonce') ?? '']
  const guard = hasAuth(params.get('qop') ?? '') ? [NC, cnonce, 'auth'] : []
  const secret = hash(user, realm, password)
  const a1 = isSession ? hash(secret, nonce, cnonce) : secret
  const response = hash(a1, nonce, ...guard, hash(request.method, request.uri))
  const hasGuard = guard.length > 0
  const fields = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${response}"`,
    // Some web servers of miners refuse an algorithm that they did not name themselves.
    ...named(params, 'algorithm', (value) => value),
    ...named(params, 'opaque', quote),
    ...(hasGuard ? ['qop=auth', `nc=${NC}`] : []),
    ...(hasGuard || isSession ? [`cnonce="${cnonce}"`] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

/** Each nonce is used once. */
const NC = '00000001'

const hashOf =
  (name: string) =>
  (...parts: string[]) =>
    createHash(name).update(parts.join(':')).digest('hex')

const named = (params: Map<string, string>, name: string, write: (value: string) => string) => {
  const value = params.get(name)
  return value === undefined ? [] : [`${name}=${write(value)}`]
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
