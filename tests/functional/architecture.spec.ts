import { existsSync, readdirSync, readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import plugins from '#config/plugins'
import { installed, permissionDefaults } from '#services/registry'
import { allRoutes } from '#tests/support/routes'
import { sourceFiles } from '#tests/support/source_files'

const isUnder = (pattern: string, prefix: string) => `${pattern}/`.startsWith(`/${prefix}/`)

/** The plugin whose pages or endpoints a route belongs to; the core for all others. */
const pluginOfRoute = (pattern: string) =>
  plugins.find(({ name }) => isUnder(pattern, name) || isUnder(pattern, `api/v1/${name}`))?.name ??
  'core'

const codeOf = (name: string) =>
  sourceFiles([`plugins/${name}`], /\.(ts|edge)$/)
    .map(({ text }) => text)
    .join('\n')

const pascal = (name: string) =>
  name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())

test.group('The doctor', () => {
  test('find every plugin folder in config/plugins.ts, with a README', ({ assert }) => {
    const names = plugins.map(({ name }) => name)
    assert.sameMembers(names, readdirSync(app.makePath('plugins')))
    for (const plugin of plugins) {
      const readme = app.makePath(plugin.path('README.md'))
      assert.isTrue(existsSync(readme), `${plugin.name} has no README.md`)
      assert.isAbove(readFileSync(readme, 'utf8').length, 100, `${plugin.name}: README.md`)
    }
  })

  test('find no word of programs that two plugins claim', ({ assert }) => {
    const words = plugins.map(({ name, apiPath }) => apiPath ?? name)
    assert.deepEqual(words, [...new Set(words)])
  })

  test('find exactly one guard on every route', ({ assert }) => {
    const routes = allRoutes()
    assert.isAbove(routes.length, 50)
    const wrong = routes
      .filter(({ guards }) => guards.length !== 1)
      .map(({ method, pattern, guards }) => `${method} ${pattern}: ${guards.join(', ') || 'none'}`)
    assert.deepEqual(wrong, [])
  })

  test('find only permissions of the matrix on routes, and a plugin’s own on its routes', ({
    assert,
  }) => {
    for (const { method, pattern, guards } of allRoutes()) {
      const owner = pluginOfRoute(pattern)
      for (const guard of guards) {
        if (owner !== 'core') {
          assert.isTrue(guard.startsWith(`${owner}.`), `${method} ${pattern} asks for ${guard}`)
        }
        if (guard === 'open' || guard === 'signed-in') continue
        if (guard === 'device') {
          // Of machines that sign; they have no role.
          assert.match(pattern, /^\/edge\/v1\//)
          continue
        }
        assert.isTrue(permissionDefaults.has(guard), `${method} ${pattern} asks for ${guard}`)
      }
    }
  })

  test('find every permission in use, so that none promises what is not there', ({ assert }) => {
    const guards = new Set(allRoutes().flatMap((route) => route.guards))
    const sources = sourceFiles(['app', 'plugins', 'start', 'resources/views'], /\.(ts|edge)$/)
      .map(({ text }) => text)
      .join('\n')
    const isUsed = (permission: string) => {
      const short = permission.slice(permission.indexOf('.') + 1)
      return (
        guards.has(permission) ||
        sources.includes(`'${permission}'`) ||
        new RegExp(`(allows|permission:?)\\(? ?'${short.replaceAll('.', '\\.')}'`).test(sources)
      )
    }
    assert.deepEqual(
      [...permissionDefaults.keys()].filter((permission) => !isUsed(permission)),
      []
    )
  })

  test('find every name of a route once', ({ assert }) => {
    const seen = new Map<string, string>()
    for (const { name, pattern, method } of allRoutes()) {
      assert.notEqual(name, '', `${method} ${pattern} has no name`)
      assert.isFalse(seen.has(name), `${name}: ${pattern} and ${seen.get(name)}`)
      seen.set(name, pattern)
    }
  })

  test('find the entries of every plugin at its own pages, under a permission of its own', ({
    assert,
  }) => {
    for (const { name, permissions, nav = [], widgets = [], reports = [], settings } of installed) {
      const own = new Map(
        allRoutes()
          .filter((route) => route.method === 'GET' && pluginOfRoute(route.pattern) === name)
          .map((route) => [route.name, route] as const)
      )
      for (const { route, permission } of [...nav, ...widgets, ...reports]) {
        assert.isTrue(own.has(route), `${name}: ${route} is no page of its own`)
        assert.isTrue(Object.hasOwn(permissions, permission), `${name}.${permission}`)
        const [guard] = own.get(route)!.guards
        const isFitting = guard === 'open' || guard === `${name}.${permission}`
        assert.isTrue(isFitting, `${name}: the entry asks for ${permission}, its page for ${guard}`)
      }
      if (settings) assert.isTrue(Object.hasOwn(permissions, settings.permission), name)
    }
  })

  test('find every table of a plugin under its name, private to a tenant or shared by word', async ({
    assert,
  }) => {
    for (const { name } of plugins) {
      const sources = sourceFiles([`plugins/${name}/migrations`], /\.ts$/)
      const made = sources.flatMap(({ text }) => [
        // Names of partitions are made by the database.
        ...text.matchAll(/create table (?:if not exists )?(?!public\.%I)(\w+)/gi),
        ...text.matchAll(/createTable\('(\w+)'/g),
      ])
      for (const [, table] of made) {
        assert.match(table!, new RegExp(`^${name}_`), `${name} makes the table ${table}`)
      }
    }
    const { rows } = await db.connection('owner').rawQuery(`
      select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition
        and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant')
        and not exists (select from sys.gate_allow a where a.obj = c.relname)`)
    assert.deepEqual(rows, [])
  })

  test('find models of a plugin on its own tables only', ({ assert }) => {
    for (const { name } of plugins) {
      for (const { path, text } of sourceFiles([`plugins/${name}`], /\.ts$/)) {
        const [, imported] = /import\s*\{([^}]*)\}\s*from '#database\/schema'/.exec(text) ?? []
        for (const schema of imported?.match(/\w+Schema\b/g) ?? []) {
          assert.match(schema, new RegExp(`^${pascal(name)}`), path)
        }
        for (const [, table] of text.matchAll(/static table = '(\w+)'/g)) {
          assert.match(table!, new RegExp(`^${name}_`), path)
        }
      }
    }
  })

  test('find in dependsOn exactly what a plugin imports and listens to', ({ assert }) => {
    for (const { name, dependsOn = [] } of plugins) {
      const code = codeOf(name)
      const imported = [...code.matchAll(/#plugins\/(\w+)\/api\b/g)].map(([, other]) => other)
      const heard = [...code.matchAll(/(?<!\.)\bon\(\s*'(\w+)\./g)].map(([, other]) => other)
      const actual = new Set(
        [...imported, ...heard].filter((other) => ![name, 'core'].includes(other!))
      )
      assert.sameMembers([...dependsOn], [...actual], name)
    }
    const order = plugins.map(({ name }) => name)
    for (const { name, dependsOn = [] } of plugins) {
      for (const other of dependsOn) {
        assert.isBelow(order.indexOf(other), order.indexOf(name), `${name} boots before ${other}`)
      }
    }
  })

  test('find every tracked and heard event declared', ({ assert }) => {
    const declared = new Set(
      installed.flatMap(({ name, events = {} }) =>
        Object.keys(events).map((key) => `${name}.${key}`)
      )
    )
    for (const { path, text } of sourceFiles(['app', 'plugins'], /\.ts$/)) {
      for (const [, event] of text.matchAll(/\bon\(\s*'(\w+\.\w+\.\w+)'/g)) {
        assert.isTrue(declared.has(event!), `${path} listens to ${event}`)
      }
    }
  })

  test('find in the language folder of a plugin only its own texts', ({ assert }) => {
    for (const { name } of plugins) {
      for (const locale of ['en', 'zh']) {
        const folder = app.makePath(`plugins/${name}/lang/${locale}`)
        if (!existsSync(folder)) continue
        for (const file of readdirSync(folder)) {
          assert.match(
            file,
            new RegExp(`^${name}(_\\w+)?\\.json$`),
            `plugins/${name}/lang/${locale}`
          )
        }
      }
    }
  })
})
