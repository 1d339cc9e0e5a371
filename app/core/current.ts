import { AsyncLocalStorage } from 'node:async_hooks'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { E_NO_CURRENT, E_NO_TENANT } from '#core/errors'
import { isId } from '#core/ids'
import type { Role } from '#core/roles'

/** How somebody reached the portal; the audit log keeps it. */
export const VIAS = ['session', 'token', 'job', 'console', 'system', 'device'] as const
export type Via = (typeof VIAS)[number]

/** Who acts, for which tenant, and how far they see in it. */
export interface Who {
  /** null for a guest, who sees shared tables only. */
  tenantId: string | null
  userId: string | null
  role: Role
  permissions: ReadonlySet<string>
  /** '*' is all sites of the tenant. */
  siteIds: readonly string[] | '*'
  /** '*' is all customers of the tenant. */
  customerId: string | '*'
  via: Via
  requestId?: string | null
  /** Names of plugins that the tenant has switched off. */
  pluginsOff?: ReadonlySet<string>
}

export interface Current extends Who {
  client: TransactionClientContract
  abandoned?: boolean
  afterCommit: (() => void | Promise<void>)[]
}

const storage = new AsyncLocalStorage<Current>()

function literal(value: string, kind: string) {
  if (!isId(value)) throw new TypeError(`${kind} is not a UUID`)
  return value
}

/**
 * The statements that confine a transaction. `SET LOCAL` and not `set_config()`: a distributed
 * PostgreSQL sends only the former to its workers. Values are checked UUIDs, so that none of them
 * can carry SQL; an empty list of sites is `{}`, which sees nothing.
 */
export function scopeStatements(who: Pick<Who, 'tenantId' | 'userId' | 'siteIds' | 'customerId'>) {
  if (!who.tenantId) return ''
  const sites =
    who.siteIds === '*' ? '*' : `{${who.siteIds.map((id) => literal(id, 'site')).join(',')}}`
  const customer = who.customerId === '*' ? '*' : literal(who.customerId, 'customer')
  return [
    `set local app.tenant_id = '${literal(who.tenantId, 'tenant')}'`,
    `set local app.site_ids = '${sites}'`,
    `set local app.customer_id = '${customer}'`,
    `set local app.actor_id = '${who.userId ? literal(who.userId, 'actor') : ''}'`,
  ].join(';')
}

export const current = {
  /**
   * Runs the callback as this actor in one transaction that the database confines to their scope.
   * Awaits inside, since Lucid queries are lazy. Rolls back when the callback throws or when
   * `abandon()` was called; what `afterCommit` collected runs only after a commit.
   */
  async run<T>(who: Who, callback: () => T | PromiseLike<T>): Promise<T> {
    const client = await db.connection('app').transaction()
    const store: Current = { ...who, client, afterCommit: [] }
    let result: T
    try {
      const statements = scopeStatements(who)
      if (statements) await client.rawQuery(statements)
      result = await storage.run(store, async () => await callback())
      if (store.abandoned) await client.rollback()
      else await client.commit()
    } catch (error) {
      if (!client.isCompleted) await client.rollback()
      throw error
    }
    if (!store.abandoned) for (const task of store.afterCommit) await task()
    return result
  },

  /** Makes the work roll back when it ends. The exception handler calls it: no middleware sees the error. */
  abandon() {
    const store = storage.getStore()
    if (store) store.abandoned = true
  },

  /** Runs a task once the transaction has committed, and never if it rolls back. */
  afterCommit(task: () => void | Promise<void>) {
    current.get().afterCommit.push(task)
  },

  get(): Current {
    const value = storage.getStore()
    if (!value) throw new E_NO_CURRENT()
    return value
  },

  /** The current actor, or undefined outside a request, job or command. */
  peek: () => storage.getStore(),

  /** The tenant acted for; refuses a guest. */
  tenantId(): string {
    const { tenantId } = current.get()
    if (!tenantId) throw new E_NO_TENANT()
    return tenantId
  },

  /** Whether the actor holds the permission, named in full: `calculator.profit.view`. */
  can: (permission: string) => storage.getStore()?.permissions.has(permission) ?? false,
}
