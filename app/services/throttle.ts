import { createHash } from 'node:crypto'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { E_TOO_MANY } from '#core/errors'
import { networkOf } from '#services/networks'

/** Failures that cost nothing; each one after them doubles the wait, from 1 s up to 15 min. */
const FREE = { account: 5, network: 20 } as const
const CAP_SECONDS = 900
const FORGOTTEN_AFTER = '1 day'
const KNOWN_FOR = '90 days'

type Kind = keyof typeof FREE

interface Bucket {
  kind: Kind
  key: string
}

/** An attempt that was counted before it was tried, so that many at once cannot slip through. */
export interface Reservation {
  buckets: (Bucket & { failures: number })[]
}

const COUNT = `(case when t.last_failure_at < clock_timestamp() - interval '${FORGOTTEN_AFTER}'
  then 0 else t.failures end) + 1`

const RESERVE = `
  insert into sign_in_throttles as t (key, failures, last_failure_at)
  values (:key, 1, clock_timestamp())
  on conflict (key) do update set
    failures = ${COUNT},
    last_failure_at = clock_timestamp(),
    blocked_until = case when ${COUNT} >= :free then clock_timestamp() + make_interval(
      secs => least(${CAP_SECONDS}, power(2, least(30, ${COUNT} - :free)))) end
  where t.blocked_until is null or t.blocked_until <= clock_timestamp()
  returning failures`

const WAIT = `select greatest(1, ceil(extract(epoch from blocked_until - clock_timestamp())))::int as seconds
  from sign_in_throttles where key = ?`

const accountKey = (email: string) =>
  createHash('sha256').update(email.trim().toLowerCase()).digest('hex')

/** Whether this account was opened from this network before: its owner must not be kept out by others. */
async function isKnown(email: string, network: string) {
  const row = await db
    .connection('login')
    .from('sign_ins as s')
    .join('users as u', 'u.id', 's.user_id')
    .where('u.email', email.trim())
    .whereRaw(`s.outcome like 'signed_in%' and s.ip <<= ?::cidr`, [network])
    .whereRaw(`s.at > now() - interval '${KNOWN_FOR}'`)
    .select('s.id')
    .first()
  return Boolean(row)
}

async function bucketsFor(purpose: string, email: string, ip: string): Promise<Bucket[]> {
  const network = networkOf(ip)
  const account = `${purpose}:account:${accountKey(email)}`
  if (await isKnown(email, network)) return [{ kind: 'account', key: `${account}@${network}` }]
  return [
    { kind: 'account', key: account },
    { kind: 'network', key: `${purpose}:network:${network}` },
  ]
}

/**
 * Counts an attempt on an account from a network as failed before it is tried; refuses it while
 * either must wait. Nobody is locked out for good, and an account that does not exist counts alike.
 */
export async function reserve(
  email: string,
  ip: string,
  purpose: 'sign-in' | 'mail' = 'sign-in'
): Promise<Reservation> {
  const buckets = await bucketsFor(purpose, email, ip)
  return db.connection('login').transaction(async (trx) => {
    const counted: Reservation['buckets'] = []
    // Always the account before the network: two attempts never wait for each other.
    for (const bucket of buckets) counted.push({ ...bucket, failures: await count(bucket, trx) })
    return { buckets: counted }
  })
}

async function count({ kind, key }: Bucket, trx: TransactionClientContract) {
  const { rows } = await trx.rawQuery(RESERVE, { key, free: FREE[kind] })
  if (rows[0]) return rows[0].failures as number
  const waiting = await trx.rawQuery(WAIT, [key])
  const seconds = waiting.rows[0]?.seconds ?? 1
  throw Object.assign(new E_TOO_MANY([seconds]), { retryAfter: seconds as number })
}

/** The attempt was no failure: takes back its count, and its wait unless somebody else failed meanwhile. */
export async function forgive({ buckets }: Reservation, trx?: TransactionClientContract) {
  for (const { key, failures } of buckets) {
    await (trx ?? db.connection('login')).rawQuery(
      `update sign_in_throttles set failures = greatest(0, failures - 1),
        blocked_until = case when failures = :failures then null else blocked_until end
       where key = :key`,
      { key, failures }
    )
  }
}

/** The person has proved who they are: their own count starts anew, the network only gets this one back. */
export async function clear({ buckets }: Reservation, trx: TransactionClientContract) {
  const own = buckets.filter(({ kind }) => kind === 'account').map(({ key }) => key)
  await trx.from('sign_in_throttles').whereIn('key', own).delete()
  await forgive({ buckets: buckets.filter(({ kind }) => kind === 'network') }, trx)
}

/** Forgets every count of an account, from all networks: its owner has come in by another way. */
export async function clearAccount(email: string, trx: TransactionClientContract) {
  await trx
    .from('sign_in_throttles')
    .whereLike('key', `sign-in:account:${accountKey(email)}%`)
    .delete()
}
