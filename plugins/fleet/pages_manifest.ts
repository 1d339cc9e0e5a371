import vine from '@vinejs/vine'
import type { Role } from '#core/roles'

const miner = () => vine.object({ no: vine.number(), name: vine.string() })
const meter = () => vine.object({ name: vine.string(), site: vine.string() })
const warning = () => vine.object({ name: vine.string(), site: vine.string(), code: vine.string() })
const other = () => vine.object({ no: vine.number(), name: vine.string(), other: vine.number() })

/** Permissions of pages that clients of a host do not see. */
export const pagePermissions = {
  'map.view': ['mining_site_owner', 'operator'],
  'pool.view': ['mining_site_owner', 'operator'],
  'pool.edit': ['mining_site_owner'],
  'storage.view': ['mining_site_owner', 'operator'],
  'meter.view': ['mining_site_owner', 'operator'],
  'meter.edit': ['mining_site_owner'],
} satisfies Record<string, readonly Role[]>

/** What people do on the pages. */
export const pageEvents = {
  'miner.changed': { facts: miner() },
  'miner.serviced': {
    facts: vine.object({
      no: vine.number(),
      name: vine.string(),
      work: vine.string(),
      note: vine.string(),
    }),
  },
  'miner.retired': { facts: miner() },
  'miner.restored': { facts: miner() },
  'miner.merged': { facts: other() },
  'miner.replaced': { facts: other() },
  'found.ignored': { facts: vine.object({ count: vine.number(), site: vine.string() }) },
  'found.reconsidered': { facts: vine.object({ count: vine.number(), site: vine.string() }) },
  'range.added': { facts: vine.object({ name: vine.string(), addresses: vine.string() }) },
  'range.removed': { facts: vine.object({ name: vine.string(), addresses: vine.string() }) },
  'meter.added': { facts: meter() },
  'meter.changed': { facts: meter() },
  'meter.removed': { facts: meter() },
  'meter.warned': { facts: warning() },
  'meter.recovered': { facts: warning() },
  'pool.trusted': { facts: vine.object({ host: vine.string() }) },
  'pool.distrusted': { facts: vine.object({ host: vine.string() }) },
}

/** The task group of the site; the other rooms are tabs of the overview. */
export const pageNav = [
  {
    label: 'fleet.nav.overview',
    route: 'fleet.overview.show',
    permission: 'miner.view',
    icon: 'hdd-stack',
    group: 'operate',
  },
  {
    label: 'fleet.nav.miners',
    route: 'fleet.miners.index',
    permission: 'miner.view',
    icon: 'list-ul',
    group: 'operate',
  },
  {
    label: 'fleet.nav.map',
    route: 'fleet.map.show',
    permission: 'map.view',
    icon: 'grid-3x3-gap',
    group: 'operate',
  },
  {
    label: 'fleet.nav.collectors',
    route: 'fleet.collectors.index',
    permission: 'collector.view',
    icon: 'router',
    group: 'operate',
  },
] as const

export const pageWidgets = [
  { label: 'fleet.widget.now', route: 'fleet.widget.show', permission: 'miner.view' },
] as const
