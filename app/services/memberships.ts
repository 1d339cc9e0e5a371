import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { DateTime } from 'luxon'
import core from '#core/core'
import { current } from '#core/current'
import { defineError } from '#core/errors'
import Membership from '#models/membership'
import type { Grant } from '#services/grants'
import { E_ABOVE_OWN, refuseAbove } from '#services/grants'
import { applyChanges, findRecord } from '#services/records'

const E_LAST_OWNER = defineError('A company keeps at least one owner', 'E_LAST_OWNER', 409)
const E_OWN_MEMBERSHIP = defineError('Nobody changes their own membership', 'E_OWN_MEMBERSHIP', 409)
const E_MEMBERSHIP_STATE = defineError(
  'The membership is not in a state for this',
  'E_MEMBERSHIP_STATE',
  409
)

/** A membership that the actor may change: not their own, and nobody's above their rank. */
export async function membershipToChange(id: unknown): Promise<Membership> {
  const membership = await findRecord(Membership, id)
  if (membership.userId === current.get().userId) throw new E_OWN_MEMBERSHIP()
  refuseAbove(membership.role)
  await refuseWider(membership)
  return membership
}

/** Somebody limited to some sites does not touch a person who sees more of them. */
async function refuseWider({ siteIds }: Membership) {
  const { userId } = current.get()
  const own = userId ? await Membership.query().where('user_id', userId).first() : null
  const mine: string[] | null = own?.siteIds ?? null
  if (mine && !siteIds?.every((id: string) => mine.includes(id))) throw new E_ABOVE_OWN()
}

type Standing = Pick<Membership, 'role' | 'suspendedAt' | 'validUntil' | 'validFrom'>

/** Whether this keeps the company in hand: an owner who acts now, with an end or without one. */
function ownership({
  role,
  suspendedAt,
  validUntil,
  validFrom,
}: Standing): 'none' | 'limited' | 'lasting' {
  if (role !== 'mining_site_owner' || suspendedAt || validFrom.toMillis() > Date.now())
    return 'none'
  if (!validUntil) return 'lasting'
  return validUntil.toMillis() > Date.now() ? 'limited' : 'none'
}

const WORTH = { none: 0, limited: 1, lasting: 2 }

/**
 * Refuses a change that would leave the company without an owner: somebody else must be as lasting
 * an owner as this person was. Owners are locked, so that two of them cannot remove each other.
 */
async function keepAnOwner(before: Standing, after: Standing, id: string) {
  const [was, will] = [ownership(before), ownership(after)]
  if (WORTH[will] >= WORTH[was]) return
  const owners: Membership[] = await Membership.query()
    .where('role', 'mining_site_owner')
    .whereNotExists((query: DatabaseQueryBuilderContract) =>
      query
        .from('users')
        .select('users.id')
        .whereColumn('users.id', 'memberships.user_id')
        .whereNotNull('users.suspended_at')
    )
    .orderBy('id')
    .forUpdate()
  const others = owners.filter((owner) => owner.id !== id)
  if (!others.some((owner) => WORTH[ownership(owner)] >= WORTH[was])) throw new E_LAST_OWNER()
}

const standingOf = ({ role, suspendedAt, validUntil, validFrom }: Membership): Standing => ({
  role,
  suspendedAt,
  validUntil,
  validFrom,
})

async function change(membership: Membership, values: Partial<Standing> & Record<string, unknown>) {
  const before = standingOf(membership)
  await keepAnOwner(before, { ...before, ...values }, membership.id)
  return applyChanges(membership, values)
}

/** Gives a membership another role, scope or end. */
export async function regrant(membership: Membership, grant: Grant) {
  const { validUntil, ...rest } = grant
  const until = validUntil ? DateTime.fromJSDate(validUntil) : null
  const same = until?.toMillis() === membership.validUntil?.toMillis()
  const changes = await change(membership, same ? { ...rest } : { ...rest, validUntil: until })
  if (Object.keys(changes).length === 0) return
  const { userId, role } = membership
  await core.track(membership, 'membership.changed', { userId, role }, changes)
}

/** Lets a membership hold for so many days more. One without an end keeps having none. */
export async function extend(membership: Membership, days: number) {
  if (!membership.validUntil) return
  const from = DateTime.max(membership.validUntil, DateTime.utc())
  const changes = await change(membership, { validUntil: from.plus({ days }) })
  const { userId, role } = membership
  await core.track(membership, 'membership.changed', { userId, role }, changes)
}

/** Closes the door until `resume`. */
export async function suspend(membership: Membership) {
  if (membership.suspendedAt) throw new E_MEMBERSHIP_STATE()
  const changes = await change(membership, { suspendedAt: DateTime.utc() })
  await core.track(membership, 'membership.suspended', { userId: membership.userId }, changes)
}

export async function resume(membership: Membership) {
  if (!membership.suspendedAt) throw new E_MEMBERSHIP_STATE()
  const changes = await change(membership, { suspendedAt: null })
  await core.track(membership, 'membership.resumed', { userId: membership.userId }, changes)
}

const isEnded = ({ validUntil }: Membership) =>
  validUntil !== null && validUntil.toMillis() <= Date.now()

/** Ends a membership now. */
export async function end(membership: Membership) {
  if (isEnded(membership)) throw new E_MEMBERSHIP_STATE()
  const now = DateTime.utc()
  // One that never began ends where it would have begun: the end lies after the beginning.
  const validUntil = DateTime.max(now, membership.validFrom.plus({ milliseconds: 1 }))
  const validFrom =
    membership.validFrom > now ? now.minus({ milliseconds: 1 }) : membership.validFrom
  const values =
    validFrom === membership.validFrom ? { validUntil } : { validFrom, validUntil: now }
  const changes = await change(membership, values)
  await core.track(membership, 'membership.ended', { userId: membership.userId }, changes)
}

/** Takes back an ending: the membership has the end again that it had before. */
export async function reinstate(membership: Membership) {
  if (!isEnded(membership)) throw new E_MEMBERSHIP_STATE()
  const { client } = current.get()
  const event = await client
    .from('audit_events')
    .where({
      tenant_id: current.tenantId(),
      subject_type: 'memberships',
      subject_id: membership.id,
    })
    .where('name', 'core.membership.ended')
    .orderBy('occurred_at', 'desc')
    .select('payload')
    .first()
  const before: unknown = event?.payload?.changes?.validUntil?.[0]
  if (before === undefined) throw new E_MEMBERSHIP_STATE()
  const validUntil = typeof before === 'string' ? DateTime.fromISO(before) : null
  const changes = await change(membership, { validUntil })
  const { userId, role } = membership
  await core.track(membership, 'membership.changed', { userId, role }, changes)
}
