import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current } from '#core/current'
import { E_PLUGIN_OFF } from '#core/errors'
import { theHost } from '#core/host'

/**
 * Guard of routes that machines ask: the check finds out from keys and signatures who it is, or
 * throws. Its name is what the tests look for: a route without any guard fails the build.
 */
export function deviceGuard(check: (ctx: HttpContext) => Promise<void>) {
  const guard = async (ctx: HttpContext, next: NextFn) => {
    await check(ctx)
    return next()
  }
  return Object.defineProperty(guard, 'name', { value: 'device' })
}

/**
 * Runs the callback as the portal itself in a tenant, on behalf of a machine: in one transaction of
 * its own. Throws E_PLUGIN_OFF where the tenant has switched the plugin off.
 */
export async function forDevice<T>(
  { tenantId, plugin }: { tenantId: string; plugin: string },
  callback: () => T | PromiseLike<T>
): Promise<T> {
  const who = await theHost().systemIn(tenantId, 'device')
  if (who.pluginsOff?.has(plugin)) throw new E_PLUGIN_OFF([plugin])
  return current.run(who, callback)
}
