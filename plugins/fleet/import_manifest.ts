import vine from '@vinejs/vine'
import type { Role } from '#core/roles'

export const importPermissions = {
  'list.import': ['mining_site_owner', 'operator'],
} satisfies Record<string, readonly Role[]>

const counts = () =>
  vine.object({
    name: vine.string(),
    sha256: vine.string(),
    added: vine.number(),
    changed: vine.number(),
    same: vine.number(),
    conflicts: vine.number(),
    bad: vine.number(),
  })

/** What happens to lists of miners. */
export const importEvents = {
  'list.uploaded': {
    facts: vine.object({ name: vine.string(), sha256: vine.string(), bytes: vine.number() }),
  },
  'list.checked': { facts: counts() },
  'list.imported': { facts: counts() },
  'list.discarded': { facts: vine.object({ name: vine.string(), sha256: vine.string() }) },
  'list.met': { facts: vine.object({ count: vine.number() }) },
}
