import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Credentials } from '../../src/wire/contract.js'

/**
 * Whether a request carries the right answer to a digest challenge; written for itself from RFC 7616
 * and not with the code that it tests.
 */
export const isDigestRight = (
  request: IncomingMessage,
  { user, password }: Credentials,
  nonces?: ReadonlySet<string>
): boolean => {
  const header = request.headers.authorization ?? ''
  if (!header.startsWith('Digest ')) return false
  const field = (name: string) =>
    new RegExp(`(?:^|[ ,])${name}=(?:"([^"]*)"|([^ ,]*))`).exec(header.slice(6))
  const get = (name: string) => field(name)?.[1] ?? field(name)?.[2] ?? ''
  const algorithm = get('algorithm').toUpperCase()
  const hash = (text: string) =>
    createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  let a1 = hash(`${user}:${get('realm')}:${password}`)
  if (algorithm.endsWith('-SESS')) a1 = hash(`${a1}:${get('nonce')}:${get('cnonce')}`)
  const a2 = hash(`${request.method}:${request.url}`)
  const middle = get('qop') ? `${get('nc')}:${get('cnonce')}:${get('qop')}:` : ''
  if (nonces && !nonces.has(get('nonce'))) return false
  return (
    get('username') === user &&
    get('uri') === request.url &&
    get('response') === hash(`${a1}:${get('nonce')}:${middle}${a2}`)
  )
}
