import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { asObject } from '../../values/json.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { parseJson } from '../../wire/json_repair.js'
import { md5crypt } from './md5crypt.js'

/** What `get_token` gives for half an hour. */
export interface TokenSeed {
  time: string
  salt: string
  newsalt: string
}

/** What encrypts a write and what signs it. */
export interface Keys {
  aes: Buffer
  sign: string
}

const BLOCK_BYTES = 16
const sha256 = (text: string) => createHash('sha256').update(text).digest()
const lastPart = (crypted: string) => crypted.split('$')[3] ?? ''

/** Keys of a V2 write from the password and the seed of the miner. */
export const toKeys = (password: string, { time, salt, newsalt }: TokenSeed): Keys => {
  const key = lastPart(md5crypt(password, salt))
  return { aes: sha256(key), sign: lastPart(md5crypt(key + time, newsalt)) }
}

/** Zeros up to a block, counted in bytes: a worker's name may have more bytes than letters. */
const padded = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const missing = (BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES
  return Buffer.concat([bytes, Buffer.alloc(missing)])
}

/** AES-256-ECB in base64. */
export const encrypt = (aes: Buffer, text: string): string => {
  const cipher = createCipheriv('aes-256-ecb', aes, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(padded(text)), cipher.final()]).toString('base64')
}

/** The other way; null for what is no whole number of blocks. */
export const decrypt = (aes: Buffer, base64: string): string | null => {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0) return null
  const decipher = createDecipheriv('aes-256-ecb', aes, null).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(bytes), decipher.final()])
  const end = plain.indexOf(0)
  return plain.subarray(0, end === -1 ? plain.length : end).toString()
}

/** The encrypted form of a command with its signature. */
export const toEncrypted = ({ aes, sign }: Keys, command: JsonObject): JsonObject => ({
  enc: 1,
  data: encrypt(aes, JSON.stringify({ ...command, token: sign })),
})

/** The answer inside of `{"enc":…}`; an answer that came plain stays as it is. */
export const fromEncrypted = ({ aes }: Keys, answer: JsonObject): JsonObject | null => {
  if (typeof answer['enc'] !== 'string') return answer
  const text = decrypt(aes, answer['enc'])
  const parsed = text === null ? null : parseJson(text.trim())
  return parsed?.kind === 'ok' ? asObject(parsed.value) : null
}

/** The hash that V3 signs with; its beginning is the token, all of it the key for pools. */
export const v3Hash = (cmd: string, password: string, salt: string, ts: number): Buffer =>
  sha256(cmd + password + salt + ts)

const TOKEN_LENGTH = 8

/** A signed V3 write in the order of keys that the miner is known to take. */
export const toSigned = (
  command: { cmd: string; param?: Json },
  hash: Buffer,
  account: string,
  ts: number
): JsonObject => ({
  ...command,
  token: hash.toString('base64').slice(0, TOKEN_LENGTH),
  account,
  ts,
})
