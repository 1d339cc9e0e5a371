import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX_LENGTH = 8
const SECRET_LENGTH = 43 // 62^43 > 2^256
const CHECK_LENGTH = 6 // 62^6 > 2^32
const FORM = new RegExp(
  `^hi_[0-9A-Za-z]{${PREFIX_LENGTH}}_[0-9A-Za-z]{${SECRET_LENGTH}}_([0-9A-Za-z]{${CHECK_LENGTH}})$`
)

function base62(value: bigint, length: number) {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text
  return text
}

const randomBase62 = (bytes: number, length: number) =>
  base62(BigInt(`0x${randomBytes(bytes).toString('hex')}`), length)

const checkOf = (body: string) => base62(BigInt(crc32(body)), CHECK_LENGTH)

/** A new secret: `hi_<prefix>_<256 random bits>_<CRC-32 of all before>`. */
export function mintToken() {
  const prefix = randomBase62(6, PREFIX_LENGTH)
  const body = `hi_${prefix}_${randomBase62(32, SECRET_LENGTH)}`
  return { prefix, text: `${body}_${checkOf(body)}` }
}

/** Whether a text can be a token at all: a typo costs no query, and a scanner finds no false ones. */
export function isTokenShaped(text: string) {
  const check = FORM.exec(text)?.[1]
  return check !== undefined && check === checkOf(text.slice(0, -CHECK_LENGTH - 1))
}

/** What the database keeps. The secret has 256 bits, so that a fast hash is enough. */
export const hashToken = (text: string) => createHash('sha256').update(text).digest()
