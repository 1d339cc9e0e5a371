import type { BaseSchema } from '@adonisjs/lucid/schema'

type Schema = BaseSchema['schema']
type Rights = 'select' | 'insert' | 'update' | 'delete'

const ALL: readonly Rights[] = ['select', 'insert', 'update', 'delete']
const TENANT = `tenant_id = current_setting('app.tenant_id')::uuid`

/** Sees all when the scope is '*', else only what the list names. An unset or empty scope is an error. */
const within = (setting: string, test: string) =>
  `case when current_setting('${setting}') = '*' then true else ${test} end`

interface Confinement {
  /** The column that names the site, when rows belong to one. */
  site?: string
  /** The column that names the customer, when rows belong to one. */
  customer?: string
  rights?: readonly Rights[]
}

/**
 * Lets the app role see and change only rows of the current tenant, and in it only those of the
 * actor's sites and customer. Every table of a tenant calls this in its own migration.
 */
export function confineToTenant(schema: Schema, table: string, options: Confinement = {}) {
  const { site, customer, rights = ALL } = options
  schema.raw(`alter table ${table} enable row level security`)
  schema.raw(`alter table ${table} force row level security`)
  schema.raw(`create policy tenant on ${table} to hi_app using (${TENANT}) with check (${TENANT})`)
  const restrict = (name: string, condition: string) =>
    schema.raw(
      `create policy ${name} on ${table} as restrictive to hi_app using (${condition}) with check (${condition})`
    )
  if (site) {
    restrict(
      'site',
      within('app.site_ids', `${site} = any(current_setting('app.site_ids')::uuid[])`)
    )
  }
  if (customer) {
    restrict(
      'customer',
      within('app.customer_id', `${customer} = current_setting('app.customer_id')::uuid`)
    )
  }
  schema.raw(`grant ${rights.join(', ')} on ${table} to hi_app`)
}

/**
 * Lets the sign-in role read or change a table of tenants, of all of them: it must find a
 * membership before there is a scope. The gate wants the reason. Never call it for business data.
 */
export function openToLogin(
  schema: Schema,
  table: string,
  reason: string,
  rights: readonly Rights[] = ALL
) {
  allow(schema, `policy:${table}.login`, reason)
  schema.raw(`create policy login on ${table} to hi_login using (true) with check (true)`)
  schema.raw(`grant ${rights.join(', ')} on ${table} to hi_login`)
}

/** A table that is the same for every tenant: the app reads it, only the owner's jobs write it. */
export function shareWithTenants(schema: Schema, table: string, reason: string) {
  allow(schema, table, reason)
  allow(schema, `shared:${table}`, reason)
  schema.raw(`grant select on ${table} to hi_app`)
  schema.raw(`grant select, insert, update, delete on ${table} to hi_login`)
}

/** A table that only the sign-in role touches: users, sessions, tokens. */
export function keepForLogin(schema: Schema, table: string, reason: string) {
  allow(schema, table, reason)
  schema.raw(`grant select, insert, update, delete on ${table} to hi_login`)
}

/** Names an object that the schema gate may find without a tenant, and why. */
export function allow(schema: Schema, object: string, reason: string) {
  schema.raw(
    `insert into sys.gate_allow (obj, reason) values ('${object}', '${reason.replaceAll("'", "''")}') on conflict (obj) do update set reason = excluded.reason`
  )
}
