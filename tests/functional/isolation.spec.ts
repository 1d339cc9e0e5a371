import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current, scopeStatements } from '#core/current'
import { newId } from '#core/ids'
import type { TenantRole } from '#core/roles'
import { guest, memberIn, staff, validMemberships } from '#services/identities'
import { inTenant, tokenFor } from '#tests/functional/api/helpers'
import { makeMember, makeTenant, makeUser, type TestTenant } from '#tests/helpers'
import { type Actor, ask, type Answer, comparable, inParallel } from '#tests/support/actors'
import { allRoutes, type RouteFacts } from '#tests/support/routes'
import { fingerprints, type Seeded, seedEveryTable } from '#tests/support/tenant_rows'

const ROLES: TenantRole[] = ['mining_site_owner', 'operator', 'client']
const NOBODY = new Set<string>()

interface World {
  tenant: TestTenant
  rows: Seeded
  actors: Actor[]
}

async function memberActor(tenant: TestTenant, role: TenantRole, label: string): Promise<Actor> {
  const { user } = await makeMember(tenant, role)
  const [membership] = await validMemberships(user.id)
  const { permissions } = await memberIn(membership!, { via: 'session' })
  return { name: `${label}:${role}`, user, permissions }
}

/** A tenant with one row in every table, a person of each role, and their tokens. */
async function makeWorld(label: string, marker: string): Promise<World> {
  const tenant = await makeTenant()
  const decoy = await makeUser()
  const rows = await seedEveryTable(tenant, decoy.id, marker)
  const actors: Actor[] = []
  for (const role of ROLES) {
    const person = await memberActor(tenant, role, label)
    const full = await tokenFor(person.user!, ['core.*', 'calculator.*', 'market.*'])
    const narrow = await tokenFor(
      person.user!,
      ['core.home.view'].filter((p) => person.permissions.has(p))
    )
    actors.push(
      person,
      { name: `${person.name}:token`, token: full.text, permissions: person.permissions },
      {
        name: `${person.name}:narrow`,
        token: narrow.text,
        permissions: new Set(['core.home.view']),
      }
    )
  }
  return { tenant, rows, actors }
}

/** People who belong nowhere any more, or never did. */
async function outsiders(tenant: TestTenant): Promise<Actor[]> {
  const past = new Date(Date.now() - 1000)
  const suspended = (await makeMember(tenant, 'mining_site_owner')).user
  await db
    .connection('login')
    .from('users')
    .where('id', suspended.id)
    .update({ suspended_at: past })
  const expired = await makeMember(tenant, 'mining_site_owner', {
    validFrom: new Date(Date.now() - 60_000),
    validUntil: past,
  })
  const { user, membershipId } = await makeMember(tenant, 'mining_site_owner')
  const spent = await tokenFor(user, ['core.*'])
  await inTenant(tenant, (client) =>
    client.from('api_tokens').where('id', spent.id).update({ expires_at: past })
  )
  await inTenant(tenant, (client) =>
    client.from('memberships').where('id', membershipId).update({ suspended_at: past })
  )
  const platform = await makeUser({ platformRole: 'owner' })
  const everybody = guest().permissions
  return [
    { name: 'guest', permissions: everybody },
    { name: 'suspended', user: suspended, permissions: everybody },
    { name: 'expired', user: expired.user, permissions: everybody },
    { name: 'paused', user, permissions: everybody },
    {
      name: 'platform',
      user: platform,
      permissions: staff(platform.id, 'owner', null).permissions,
    },
    { name: 'spent token', token: spent.text, permissions: NOBODY },
  ]
}

const singular = (word: string) => word.replace(/ies$/, 'y').replace(/s$/, '')

/** The ids that fit a route: those of the tables that its path names, else any two. */
function idsFor(route: RouteFacts, { ids }: Seeded, tenant: TestTenant): string[] {
  const words = route.pattern.split('/').filter((part) => part && !part.startsWith(':'))
  const named = Object.keys(ids).filter((table) =>
    words.some((word) => table.endsWith(word) || singular(table).endsWith(singular(word)))
  )
  if (words[0] === 'users') named.push('memberships', 'invitations')
  if (words[0] === 'tenants') return [tenant.id]
  const tables = named.length > 0 ? [...new Set(named)] : Object.keys(ids).slice(0, 2)
  return tables.map((table) => ids[table]!)
}

const isPlatformRoute = ({ guards }: RouteFacts) =>
  /^core\.(platform|staff)\./.test(guards[0] ?? '')
const mayAsk = (actor: Actor, { isApi }: RouteFacts) =>
  Boolean(actor.token) === isApi || actor.name === 'guest'

const filled = (route: RouteFacts, id: string) =>
  Object.fromEntries(route.params.map((name) => [name, /id$/i.test(name) ? id : 'none']))

const isSomebody = (actor: Actor) =>
  Boolean(actor.token ?? actor.user) && actor.name !== 'suspended'

/** Whether the matrix lets this actor through the guard of the route. */
function isHeld(actor: Actor, guard = '') {
  if (guard === 'open') return true
  return guard === 'signed-in' ? isSomebody(actor) : actor.permissions.has(guard)
}

function checkPermission(actor: Actor, route: RouteFacts, answer: Answer): string | null {
  const [wanted] = route.guards
  if (isHeld(actor, wanted)) return null
  const isSentAway = answer.status === 302 && answer.location === '/sign-in' && !isSomebody(actor)
  return isSentAway || [401, 403, 404].includes(answer.status)
    ? null
    : `${actor.name} ${route.method} ${route.pattern} (${wanted}): ${answer.status}`
}

/**
 * Whether nobody can tell a foreign id from one that does not exist. What surrounds the answer (the
 * list of sites in the navigation) may change while others work, hence more than one look.
 */
async function isLikeMissing(actor: Actor, route: RouteFacts, id: string, first: Answer) {
  let foreign = first
  for (let look = 0; look < 3; look += 1) {
    const missing = await ask(actor, route, filled(route, newId()))
    if (JSON.stringify(comparable(foreign)) === JSON.stringify(comparable(missing))) return true
    foreign = await ask(actor, route, filled(route, id))
  }
  return false
}

/** Routes that end sessions, of the asker too: asked when all else was asked. */
const endsSessions = ({ pattern }: RouteFacts) => /sign-out|sessions|password/.test(pattern)

interface Findings {
  requests: number
  faults: string[]
  leaks: string[]
  oracles: string[]
  open: string[]
  /** Answers that showed the asker's own marker: the positive control. */
  own: number
}

/** Every route, asked by these actors with ids of theirs, of the other tenant, of nobody, of no kind. */
async function besiege(actors: readonly Actor[], own: World, other: World): Promise<Findings> {
  const found: Findings = { requests: 0, faults: [], leaks: [], oracles: [], open: [], own: 0 }
  const look = async (actor: Actor, route: RouteFacts, values: Record<string, string>) => {
    const answer = await ask(actor, route, values)
    const what = `${actor.name} ${route.method} ${route.pattern} ${answer.status}`
    found.requests += 1
    if (answer.status >= 500) found.faults.push(what)
    if (answer.text.toLowerCase().includes(other.rows.marker.toLowerCase())) found.leaks.push(what)
    if (answer.text.includes(own.rows.marker)) found.own += 1
    const refusal = checkPermission(actor, route, answer)
    if (refusal) found.open.push(refusal)
    return answer
  }
  const siege = async ({ actor, route }: { actor: Actor; route: RouteFacts }) => {
    const takesId = route.params.some((name) => /id$/i.test(name))
    if (!takesId) return void (await look(actor, route, filled(route, '')))
    await look(actor, route, filled(route, newId()))
    await look(actor, route, filled(route, 'no-id'))
    for (const id of idsFor(route, own.rows, own.tenant).slice(0, 3)) {
      if (!isPlatformRoute(route)) await look(actor, route, filled(route, id))
    }
    if (isPlatformRoute(route) && actor.name === 'platform') return
    for (const id of idsFor(route, other.rows, other.tenant)) {
      const foreign = await look(actor, route, filled(route, id))
      if (!(await isLikeMissing(actor, route, id, foreign))) {
        found.oracles.push(`${actor.name} ${route.method} ${route.pattern} ${foreign.status}`)
      }
    }
  }
  const work = actors.flatMap((actor) =>
    allRoutes()
      .filter((route) => mayAsk(actor, route))
      .map((route) => ({ actor, route }))
  )
  await inParallel(
    work.filter(({ route }) => !endsSessions(route)),
    6,
    siege
  )
  await inParallel(
    work.filter(({ route }) => endsSessions(route)),
    1,
    siege
  )
  return found
}

test.group('The walls between tenants', () => {
  test('stand on every route, for every role, whatever id is asked for', async ({ assert }) => {
    const a = await makeWorld('a', 'CNRYALPHA')
    const b = await makeWorld('b', 'CNRYBRAVO')
    assert.deepEqual(a.rows.failures, {}, 'teach SPECIAL in tests/support/tenant_rows.ts')
    const strangers = await outsiders(a.tenant)

    const before = await fingerprints(b.tenant)
    const first = await besiege([...a.actors, ...strangers], a, b)
    assert.deepEqual(await fingerprints(b.tenant), before)

    const beforeA = await fingerprints(a.tenant)
    const second = await besiege(b.actors, b, a)
    assert.deepEqual(await fingerprints(a.tenant), beforeA)

    for (const { leaks, oracles, open, faults, own } of [first, second]) {
      assert.deepEqual(leaks, [], 'a row of the other tenant was shown')
      assert.deepEqual(oracles, [], 'foreign and missing can be told apart')
      assert.deepEqual(open, [], 'a permission was not enforced')
      assert.deepEqual(faults, [], 'the portal failed')
      assert.isAbove(own, 10, 'the markers must show to those who own them')
    }
    assert.isAbove(first.requests + second.requests, 1500)
  }).timeout(240_000)

  test('fall for a table as soon as its policy is gone, and so stand by it', async ({ assert }) => {
    const mine = await makeTenant()
    const other = await makeTenant()
    const person = await makeUser()
    const { ids } = await seedEveryTable(other, person.id, 'CNRYCHARLIE')
    const scope = scopeStatements({
      tenantId: mine.id,
      userId: null,
      siteIds: '*',
      customerId: '*',
    })
    const tables = Object.keys(ids)
    assert.isAbove(tables.length, 10)
    const foreignRows = (table: string) =>
      `select count(*)::int as rows from ${table} where tenant_id = '${other.id}'`

    for (const table of tables) {
      const confined = await db.connection('app').transaction()
      await confined.rawQuery(scope)
      const { rows } = await confined.rawQuery(foreignRows(table))
      await confined.rollback()
      assert.equal(rows[0]!.rows, 0, table)
    }
    await withoutPolicies(tables, async (client, table) => {
      await client.query(scope)
      const { rows } = await client.query(foreignRows(table))
      assert.isAbove(rows[0]!.rows, 0, `${table}: nothing but its policy may hide its rows`)
    })
  })
})

/**
 * Breaks the wall of one table at a time and puts it back. Dropping the policy would hide all rows
 * (row-level security without a policy denies), so the wall is broken by one that lets all pass.
 */
async function withoutPolicies(
  tables: readonly string[],
  look: (
    client: { query: (sql: string) => Promise<{ rows: { rows: number }[] }> },
    table: string
  ) => Promise<void>
) {
  const owner = db.connection('owner')
  for (const table of tables) {
    await owner.rawQuery(`create policy broken_for_test on ${table} to hi_app using (true)`)
    const trx = await db.connection('app').transaction()
    try {
      await look({ query: (sql) => trx.rawQuery(sql) }, table)
    } finally {
      await trx.rollback()
      await owner.rawQuery(`drop policy broken_for_test on ${table}`)
    }
  }
}

test.group('A pool shared by tenants', () => {
  test('bleed nothing in 5,000 turns with errors and timeouts', async ({ assert }) => {
    const tenants = await Promise.all(Array.from({ length: 8 }, () => makeTenant()))
    for (const tenant of tenants) {
      const rows = [1, 2, 3].map((n) => ({
        tenant_id: tenant.id,
        id: newId(),
        code: `C${n}`,
        name: tenant.slug,
      }))
      await inTenant(tenant, (client) => client.table('customers').multiInsert(rows))
    }
    const restore = await shrinkPool(4)
    let wrong = 0
    let thrown = 0
    let timedOut = 0
    const turn = async (n: number) => {
      const tenant = tenants[n % tenants.length]!
      const who = { ...guest(), tenantId: tenant.id, siteIds: '*' as const, permissions: NOBODY }
      try {
        await current.run(who, async () => {
          const { client } = current.get()
          const rows = await client.from('customers').select('name')
          if (rows.length !== 3 || rows.some(({ name }) => name !== tenant.slug)) wrong += 1
          if (n % 20 === 7) throw new TypeError('planned')
          if (n % 100 === 11) {
            await client.rawQuery(`set local statement_timeout = '5ms'`)
            await client.rawQuery('select pg_sleep(0.2)')
          }
        })
      } catch (error) {
        if (error instanceof TypeError) thrown += 1
        else if ((error as { code?: string }).code === '57014') timedOut += 1
        else throw error
      }
    }
    try {
      await inParallel(
        Array.from({ length: 5000 }, (_, n) => n),
        64,
        turn
      )
      assert.equal(wrong, 0)
      assert.equal(thrown, 250)
      assert.equal(timedOut, 50)
      const left = await Promise.all(Array.from({ length: 8 }, leftBehind))
      assert.deepEqual([...new Set(left)], [''])
    } finally {
      await restore()
    }
  }).timeout(120_000)
})

/** What a connection that goes back to the pool still knows of whom it served. */
async function leftBehind() {
  const { rows } = await db.connection('app').rawQuery(`
    select concat(current_setting('app.tenant_id', true), current_setting('app.site_ids', true),
      current_setting('app.customer_id', true), current_setting('app.actor_id', true),
      nullif(current_setting('statement_timeout'), '0')) as words, pg_sleep(0.02)`)
  return rows[0].words as string
}

/** The product's own connection with a pool so small that everybody gets everybody's connections. */
async function shrinkPool(max: number) {
  const config = db.manager.get('app')!.config
  await db.manager.patch('app', { ...config, pool: { min: 0, max } } as never)
  return async () => {
    await db.manager.patch('app', config)
  }
}
