import { createHash, randomBytes } from 'node:crypto'
import type { FaceReply, FaceRequest, SimulatedMiner } from '../contract.js'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const field = (header: string, name: string) =>
  new RegExp(`(?:^|[ ,])${name}=(?:"([^"]*)"|([^ ,]*))`).exec(header)?.slice(1).find(Boolean) ?? ''

/**
 * HTTP digest as the web servers of miners do it (RFC 2617, MD5, qop auth). Null: let in; else the
 * challenge. A wrong password is written to the log of commands.
 */
export function digestDoor(
  miner: SimulatedMiner,
  request: FaceRequest,
  realm: string
): FaceReply | null {
  const header = request.headers.authorization ?? ''
  const nonce = (miner.memory.get('nonce') as string | undefined) ?? randomBytes(16).toString('hex')
  miner.memory.set('nonce', nonce)
  if (header.startsWith('Digest ') && field(header, 'nonce') === nonce) {
    const { user, password } = miner.account
    const ha1 = md5(`${user}:${realm}:${password}`)
    const ha2 = md5(`${request.method}:${request.path}`)
    const middle = `${field(header, 'nc')}:${field(header, 'cnonce')}:${field(header, 'qop')}`
    const right = md5(`${ha1}:${nonce}:${field(header, 'qop') ? `${middle}:` : ''}${ha2}`)
    if (field(header, 'response') === right && field(header, 'username') === user) return null
    miner.denied(`${request.method} ${request.path}`, 'wrong user or password')
  }
  return {
    status: 401,
    headers: {
      'www-authenticate': `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"`,
      'content-type': 'text/html',
    },
    body: '<html><head><title>401 Unauthorized</title></head></html>',
  }
}
