import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

/** Headers that carry who sent a request, when, and the signature over both and the body. */
export const HEADERS = {
  collector: 'hi-collector',
  time: 'hi-time',
  signature: 'hi-signature',
} as const

export interface SignedParts {
  method: string
  /** With the query, as it stands in the request line. */
  path: string
  /** Milliseconds since 1970. */
  time: number
  /** As sent: compressed when it is. */
  body: Uint8Array
}

/** The bytes under a signature of a request. */
export function requestBytes({ method, path, time, body }: SignedParts): Buffer {
  const digest = createHash('sha256').update(body).digest('hex')
  return Buffer.from(`hashinsight-edge/1\n${method}\n${path}\n${time}\n${digest}`)
}

/** The bytes under a signature of a config. */
export const configBytes = (payload: Uint8Array) =>
  Buffer.concat([Buffer.from('hashinsight-config/1\n'), payload])

/** Ed25519 over these bytes, base64url. */
export const signBytes = (bytes: Uint8Array, key: KeyObject) =>
  sign(null, bytes, key).toString('base64url')

/** Whether the signature is of this key over these bytes. Never throws for a bad one. */
export function isSignedBy(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  const given = Buffer.from(signature, 'base64url')
  return given.length === 64 && verify(null, bytes, key, given)
}

/** An Ed25519 public key from its 32 bytes in base64url. Throws when it is none. */
export const publicKeyOf = (raw: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' })

/** The 32 bytes of a key's public half, base64url. */
export function rawPublicKey(key: KeyObject): string {
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return jwk.x!
}

/** A private key from the PEM that `generateKeyPairSync('ed25519')` exported. */
export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem)

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'

/**
 * Six words to compare by eye on both sides: the first 96 bits of SHA-256 of the key as proquints,
 * 16 bits a word (Wilkerson, arXiv:0901.4016).
 */
export function fingerprintWords(rawKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(rawKey, 'base64url')).digest()
  return Array.from({ length: 6 }, (_, index) => proquint(digest.readUInt16BE(index * 2))).join('-')
}

const proquint = (bits: number) =>
  CONSONANTS[(bits >> 12) & 15]! +
  VOWELS[(bits >> 10) & 3]! +
  CONSONANTS[(bits >> 6) & 15]! +
  VOWELS[(bits >> 4) & 3]! +
  CONSONANTS[bits & 15]!
