import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { defineError } from '#core/errors'

/** The portal was given a database login that row-level security does not hold. */
export const E_UNSAFE_ROLE = defineError<[role: string, why: string]>(
  'The portal does not start: its database login "%s" %s, so nothing would keep tenants apart. Give DATABASE_URL the login hi_app and LOGIN_DATABASE_URL the login hi_login; the owner belongs in DATABASE_OWNER_URL only.',
  'E_UNSAFE_ROLE',
  500
)

interface RoleFacts {
  role: string
  rolsuper: boolean
  rolbypassrls: boolean
  owned: string | null
  owner: string | null
}

const FACTS = `
  with relations as (
    select c.relname, c.relowner from pg_class c
    where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'sys'))
      and c.relkind in ('r', 'p', 'v', 'm')
  )
  select rolname as role, rolsuper, rolbypassrls,
    (select min(relname) from relations where relowner = r.oid) as owned,
    (select min(pg_get_userbyid(relowner)) from relations
      where relowner <> r.oid and pg_has_role(r.oid, relowner, 'member')) as owner
  from pg_roles r where rolname = current_user`

/** What puts the login of this connection above row-level security, in words; null when nothing does. */
export async function unsafeBecause(client: QueryClientContract) {
  const { rows } = (await client.rawQuery(FACTS)) as { rows: [RoleFacts] }
  const [{ role, rolsuper, rolbypassrls, owned, owner }] = rows
  const reasons: [boolean, string][] = [
    [rolsuper, 'is a superuser'],
    [rolbypassrls, 'bypasses row-level security'],
    [owned !== null, `owns the table ${owned}`],
    [owner !== null, `is a member of ${owner}, which owns the tables`],
  ]
  const why = reasons.find(([holds]) => holds)?.[1]
  return why ? { role, why } : null
}

/** Refuses to go on when a login of the portal is above row-level security. */
export async function refuseUnsafeRoles() {
  for (const name of ['app', 'login']) {
    const unsafe = await unsafeBecause(db.connection(name))
    if (!unsafe) continue
    await db.manager.closeAll()
    throw new E_UNSAFE_ROLE([unsafe.role, unsafe.why])
  }
}
