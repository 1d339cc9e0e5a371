import vine from '@vinejs/vine'
import type { Role } from '#core/roles'

const version = () => ({ name: vine.string(), version: vine.string() })

/** Permissions for what collectors may do by themselves. */
export const edgePermissions = {
  'safety.edit': ['mining_site_owner'],
} satisfies Record<string, readonly Role[]>

/** Versions of collectors, and what collectors do by themselves. */
export const edgeEvents = {
  'collector.update_ordered': { facts: vine.object(version()) },
  'collector.update_planned': { facts: vine.object({ ...version(), first: vine.string() }) },
  'collector.updated': { facts: vine.object(version()) },
  'collector.update_failed': { facts: vine.object({ ...version(), reason: vine.string() }) },
  'safety.changed': { facts: vine.object({ site: vine.string() }) },
  'safety.acted': {
    facts: vine.object({ miner: vine.string(), action: vine.string(), outcome: vine.string() }),
  },
}
