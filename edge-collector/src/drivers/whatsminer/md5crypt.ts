import { createHash } from 'node:crypto'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const MAGIC = '$1$'
const ROUNDS = 1000
const LONGEST_SALT = 8
/** Which bytes of the digest go together in one group of letters, high byte first. */
const GROUPS = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const
const LAST_BYTE = 11

const md5 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/**
 * The MD5-based crypt of FreeBSD (Poul-Henning Kamp, 1994), `$1$salt$hash`, which the WhatsMiner
 * derives its keys with. Not for storing passwords.
 */
export const md5crypt = (password: string, salt: string): string => {
  const secret = Buffer.from(password)
  const grain = Buffer.from(salt).subarray(0, LONGEST_SALT)
  let digest = firstDigest(secret, grain)
  for (let round = 0; round < ROUNDS; round++) digest = nextDigest(digest, secret, grain, round)
  return `${MAGIC}${grain.toString()}$${toLetters(digest)}`
}

const firstDigest = (secret: Buffer, grain: Buffer): Buffer => {
  const filler = md5(secret, grain, secret)
  const parts: (string | Buffer)[] = [secret, MAGIC, grain]
  for (let left = secret.length; left > 0; left -= filler.length) {
    parts.push(filler.subarray(0, Math.min(left, filler.length)))
  }
  // The bits of the length choose between a zero and the first byte.
  for (let bits = secret.length; bits > 0; bits >>= 1) {
    parts.push(bits & 1 ? Buffer.alloc(1) : secret.subarray(0, 1))
  }
  return md5(...parts)
}

const nextDigest = (digest: Buffer, secret: Buffer, grain: Buffer, round: number): Buffer => {
  const isOdd = round % 2 === 1
  return md5(
    isOdd ? secret : digest,
    round % 3 === 0 ? '' : grain,
    round % 7 === 0 ? '' : secret,
    isOdd ? digest : secret
  )
}

const toLetters = (digest: Buffer): string => {
  const byte = (index: number) => digest[index] ?? 0
  const groups = GROUPS.map(([high, middle, low]) =>
    lettersOf((byte(high) << 16) | (byte(middle) << 8) | byte(low), 4)
  )
  return groups.join('') + lettersOf(byte(LAST_BYTE), 2)
}

/** Six bits a letter, the lowest first. */
const lettersOf = (value: number, count: number): string =>
  Array.from({ length: count }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('')
