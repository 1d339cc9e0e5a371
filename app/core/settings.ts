import { current } from '#core/current'

/** What the admin of the current tenant has set, over the defaults of the plugin. */
export async function readSettings(plugin: string, defaults: Record<string, unknown> = {}) {
  const { tenantId, client } = current.get()
  if (!tenantId) return { ...defaults }
  const row = await client
    .from('plugin_settings')
    .where({ tenant_id: tenantId, plugin })
    .select('values')
    .first()
  return { ...defaults, ...row?.values }
}
