import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { newId } from '#core/ids'
import type { TenantRole } from '#core/roles'
import { systemIn } from '#services/identities'
import { hashPassword } from '#services/passwords'
import { installed } from '#services/registry'
import env from '#start/env'

interface DemoPerson {
  role: string
  email: string
  fullName: string
  platformRole?: 'owner'
  membership?: TenantRole
}

const PEOPLE: readonly DemoPerson[] = [
  { role: 'owner', email: 'owner@demo.local', fullName: 'Olivia Owner', platformRole: 'owner' },
  {
    role: 'mining_site_owner',
    email: 'site-owner@demo.local',
    fullName: 'Sam Site',
    membership: 'mining_site_owner',
  },
  {
    role: 'operator',
    email: 'operator@demo.local',
    fullName: 'Ozan Operator',
    membership: 'operator',
  },
  { role: 'client', email: 'client@demo.local', fullName: 'Chen Client', membership: 'client' },
]

/** Where the sign-ins of the demo are kept: beside the data, readable by its owner only. */
export const demoFile = () => join(env.get('PORTAL_HOME'), 'demo.json')

/** A demo tenant with sites, customers and one person a role, each with a password made here and now. */
export async function seedDemo(say: (line: string) => void) {
  const login = db.connection('login')
  if (await login.from('tenants').where('slug', 'aurora').first()) return
  const tenantId = newId()
  await login
    .table('tenants')
    .insert({ id: tenantId, slug: 'aurora', name: 'Aurora Mining', is_demo: true })
  const people = PEOPLE.map((person) => ({
    ...person,
    id: newId(),
    password: randomBytes(12).toString('base64url'),
  }))
  for (const { id, email, fullName, platformRole, password } of people) {
    await login.table('users').insert({
      id,
      email,
      full_name: fullName,
      platform_role: platformRole ?? null,
      password_hash: await hashPassword(password),
      password_changed_at: new Date(),
      email_verified_at: new Date(),
    })
  }
  await current.run(await systemIn(tenantId), () => fillTenant(tenantId, people))
  keepSignIns(people)
  say('demo tenant made: Aurora Mining')
}

async function fillTenant(tenantId: string, people: readonly (DemoPerson & { id: string })[]) {
  const { client } = current.get()
  const insert = (table: string, row: Record<string, unknown>) =>
    client.table(table).insert({ tenant_id: tenantId, ...row })
  const northId = newId()
  const riverId = newId()
  await insert('sites', {
    id: northId,
    code: 'NORTH',
    name: 'North Hall',
    time_zone: 'Europe/Oslo',
    country: 'NO',
    capacity_kw: 12_000,
  })
  await insert('sites', {
    id: riverId,
    code: 'RIVER',
    name: 'River Yard',
    time_zone: 'America/Chicago',
    country: 'US',
    capacity_kw: 30_000,
  })
  await insert('zones', { id: newId(), site_id: northId, code: 'A', name: 'Hall A' })
  await insert('zones', { id: newId(), site_id: northId, code: 'B', name: 'Hall B' })
  await insert('zones', { id: newId(), site_id: riverId, code: 'C1', name: 'Container 1' })
  const customerId = newId()
  await insert('customers', {
    id: customerId,
    code: 'BLUE',
    name: 'Blue River Capital',
    email: 'ops@blueriver.example',
  })
  await insert('customers', {
    id: newId(),
    code: 'KITE',
    name: 'Kite Digital',
    email: 'it@kite.example',
  })
  for (const { id, membership } of people) {
    if (!membership) continue
    await insert('memberships', {
      id: newId(),
      user_id: id,
      role: membership,
      customer_id: membership === 'client' ? customerId : null,
    })
  }
  for (const plugin of installed) {
    const fill = await plugin.demo?.()
    await fill?.default()
  }
}

function keepSignIns(people: readonly (DemoPerson & { password: string })[]) {
  const file = demoFile()
  if (existsSync(file)) return
  const lines = people.map(({ role, email, password }) => ({ role, email, password }))
  writeFileSync(file, JSON.stringify(lines, null, 2), { mode: 0o600 })
}
