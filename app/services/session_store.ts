import { createHash } from 'node:crypto'
import { configProvider } from '@adonisjs/core'
import type { HttpContext } from '@adonisjs/core/http'
import type {
  SessionData,
  SessionStoreContract,
  SessionStoreFactory,
} from '@adonisjs/session/types'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/** A session ends after half an hour without a click, and after twelve hours in any case. */
export const IDLE_MINUTES = 30
export const ABSOLUTE_HOURS = 12

const ALIVE = `last_seen_at > now() - interval '${IDLE_MINUTES} minutes' and created_at > now() - interval '${ABSOLUTE_HOURS} hours'`

/** Only a hash of the session id is stored: reading the table gives nobody a session. */
export const sessionHash = (sessionId: string) => createHash('sha256').update(sessionId).digest()

const sessions = () => db.connection('login').from('sessions')

/** Sessions in PostgreSQL, each with the person, network and browser that it belongs to. */
export class PortalSessionStore implements SessionStoreContract {
  /** Sessions that this request found alive. */
  private found = new Set<string>()

  constructor(private ctx: HttpContext | null) {}

  async read(sessionId: string): Promise<SessionData | null> {
    const row = await sessions()
      .where('id_hash', sessionHash(sessionId))
      .whereRaw(ALIVE)
      .select('data')
      .first()
    if (row) this.found.add(sessionId)
    return row?.data ?? null
  }

  /**
   * A session that was ended while this request ran stays ended: what was found is updated, never
   * made again. One that was not found begins anew, with its own twelve hours.
   */
  async write(sessionId: string, data: SessionData) {
    const id_hash = sessionHash(sessionId)
    const row = {
      user_id: typeof data.auth_web === 'string' ? data.auth_web : null,
      data: JSON.stringify(data),
      ip: this.ctx?.request.ip() ?? null,
      user_agent: this.ctx?.request.header('user-agent')?.slice(0, 300) ?? null,
      last_seen_at: new Date(),
    }
    if (this.found.has(sessionId)) {
      await sessions().where('id_hash', id_hash).update(row)
      return
    }
    await db
      .connection('login')
      .knexQuery()
      .table('sessions')
      .insert({ id_hash, ...row, created_at: row.last_seen_at })
      .onConflict('id_hash')
      .merge()
  }

  async destroy(sessionId: string) {
    await sessions().where('id_hash', sessionHash(sessionId)).delete()
  }

  /** Written at most once a minute: a page with ten fragments is one visit. */
  async touch(sessionId: string) {
    await sessions()
      .where('id_hash', sessionHash(sessionId))
      .whereRaw(`last_seen_at < now() - interval '1 minute'`)
      .whereRaw(ALIVE)
      .update({ last_seen_at: new Date() })
  }
}

/** Which of these sessions are still alive. */
export async function aliveSessions(sessionIds: readonly string[]): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set()
  const hashes = new Map(sessionIds.map((id) => [sessionHash(id).toString('hex'), id]))
  const rows = await sessions()
    .whereIn(
      'id_hash',
      [...hashes.keys()].map((hex) => Buffer.from(hex, 'hex'))
    )
    .whereRaw(ALIVE)
    .select(db.raw(`encode(id_hash, 'hex') as id`))
  return new Set(rows.map(({ id }) => hashes.get(id)!))
}

/** For config/session.ts. */
export const portalSessions = () =>
  configProvider.create<SessionStoreFactory>(async () => (ctx) => new PortalSessionStore(ctx))

/** Sessions that ended by themselves; a job sweeps them. */
export const sweepSessions = () => sessions().whereRaw(`not (${ALIVE})`).delete()

/** Ends every session of a person, except the one given. Returns how many. */
export async function endSessions(
  userId: string,
  exceptSessionId?: string,
  trx?: TransactionClientContract
) {
  const query = (trx ?? db.connection('login')).from('sessions').where('user_id', userId)
  if (exceptSessionId) query.whereNot('id_hash', sessionHash(exceptSessionId))
  const ended = await query.delete()
  return Number(ended)
}

export interface SessionRow {
  /** The hash, which opens nothing, names the session in links. */
  id: string
  ip: string | null
  user_agent: string | null
  created_at: Date
  last_seen_at: Date
}

/** The living sessions of a person, the latest first. */
export const sessionsOf = (userId: string): Promise<SessionRow[]> =>
  sessions()
    .where('user_id', userId)
    .whereRaw(ALIVE)
    .orderBy('last_seen_at', 'desc')
    .select(
      db.raw(`encode(id_hash, 'hex') as id`),
      'ip',
      'user_agent',
      'created_at',
      'last_seen_at'
    )

/** Ends one session, named by its hash, if it is this person's. */
export async function endSession(userId: string, id: string, trx: TransactionClientContract) {
  const ended = await trx
    .from('sessions')
    .where({ user_id: userId, id_hash: Buffer.from(id, 'hex') })
    .delete()
  return Number(ended) === 1
}
