import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's floor for argon2id with one pass: 46 MiB. A hash takes about 50 ms. */
const COST = { memory: 47_104, passes: 1, parallelism: 1, tagLength: 32 } as const
const SALT_BYTES = 16
/** A flood of sign-ins must not take the memory of the machine: two hashes at a time. */
const AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

const b64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

const tagOf = (password: string, salt: Buffer, cost: typeof COST | ParsedCost) =>
  inTurn(() =>
    derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, ...cost })
  ) as Promise<Buffer>

/** A password as PHC string: `$argon2id$v=19$m=47104,t=1,p=1$salt$tag`. */
export async function hashPassword(password: string) {
  const salt = randomBytes(SALT_BYTES)
  const tag = await tagOf(password, salt, COST)
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(salt)}$${b64(tag)}`
}

interface ParsedCost {
  memory: number
  passes: number
  parallelism: number
  tagLength: number
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Whether the password made this hash. An empty password or a foreign format never does. */
export async function verifyPassword(password: string, phc: string | null) {
  const parts = phc ? PHC.exec(phc) : null
  const salt = Buffer.from(parts?.[4] ?? b64(randomBytes(SALT_BYTES)), 'base64')
  const known = Buffer.from(parts?.[5] ?? '', 'base64')
  const cost = parts
    ? {
        memory: Number(parts[1]),
        passes: Number(parts[2]),
        parallelism: Number(parts[3]),
        tagLength: known.length,
      }
    : COST
  // Without a hash the work is done all the same: an unknown person takes as long as a known one.
  const tag = await tagOf(password, salt, cost)
  return Boolean(parts) && password.length > 0 && timingSafeEqual(tag, known)
}
