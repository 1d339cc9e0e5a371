import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { E_FORBIDDEN, E_NOT_FOUND, E_PLUGIN_OFF } from '#core/errors'
import { theHost } from '#core/host'

interface Wish {
  /** Slug; without it the command sees what a guest sees. */
  tenant?: string
  permission: string
  plugin: string
}

/** Runs a console command in the scope of a tenant, or in that of a guest; refuses like the pages do. */
export async function runAtConsole<T>({ tenant, permission, plugin }: Wish, work: () => Promise<T>) {
  const host = theHost()
  const who = tenant
    ? await host.systemIn(await idOf(tenant), 'console')
    : { ...(await host.guest()), via: 'console' as const }
  return current.run(who, () => {
    if (who.pluginsOff?.has(plugin)) throw new E_PLUGIN_OFF([plugin])
    if (!current.can(permission)) throw new E_FORBIDDEN([permission])
    return work()
  })
}

async function idOf(slug: string): Promise<string> {
  const row = await db.connection('login').from('tenants').where('slug', slug).select('id').first()
  if (!row) throw new E_NOT_FOUND()
  return row.id
}
