import { randomBytes } from 'node:crypto'
import type { HttpContext } from '@adonisjs/core/http'
import { DateTime } from 'luxon'
import core from '#core/core'
import { current } from '#core/current'
import { defineError } from '#core/errors'
import { refuseField } from '#core/form'
import Invitation from '#models/invitation'
import type { Grant } from '#services/grants'
import { sendInvitation } from '#services/mailer'
import { hashToken } from '#services/one_time_tokens'
import { rowsOf } from '#services/tables/shared'

const E_INVITATION_STATE = defineError('The invitation is closed', 'E_INVITATION_STATE', 409)

/** How long an invitation may be accepted. */
export const INVITATION_DAYS = 7

const newToken = () => {
  const token = randomBytes(32).toString('base64url')
  return {
    token,
    tokenHash: hashToken(token),
    expiresAt: DateTime.utc().plus({ days: INVITATION_DAYS }),
  }
}

/** Once the invitation is stored, its link goes out: in the mail and nowhere else. */
function mailLater(
  { i18n, presence }: HttpContext,
  { email, token, tenantName }: { email: string; token: string; tenantName: string }
) {
  const inviter = presence.user?.fullName ?? tenantName
  const to = { email, locale: i18n.locale }
  current.afterCommit(() => sendInvitation({ to, token, tenant: tenantName, inviter }))
}

async function refuseMember({ i18n }: HttpContext, email: string) {
  const member = await rowsOf('memberships')
    .join('users', 'users.id', 'memberships.user_id')
    .where('users.email', email)
    .select('memberships.id')
    .first()
  if (member) throw refuseField('email', i18n.t('admin.invitation.is_member'))
  const open = await Invitation.query()
    .where('email', email)
    .whereNull('accepted_at')
    .whereNull('revoked_at')
    .where('expires_at', '>', new Date())
    .first()
  if (open) throw refuseField('email', i18n.t('admin.invitation.is_invited'))
}

/** Offers somebody a membership; the mail goes out once the offer is stored. */
export async function invite(ctx: HttpContext, email: string, grant: Grant, tenantName: string) {
  await refuseMember(ctx, email)
  const { token, ...hashed } = newToken()
  const invitation = await Invitation.create({
    ...hashed,
    email,
    role: grant.role,
    siteIds: grant.siteIds,
    customerId: grant.customerId,
    validUntil: grant.validUntil ? DateTime.fromJSDate(grant.validUntil) : null,
    invitedBy: current.get().userId,
  })
  await core.track(invitation, 'user.invited', { email, role: grant.role })
  mailLater(ctx, { email, token, tenantName })
  return invitation
}

/** Mails a new link; the old one is dead from now on. */
export async function resend(ctx: HttpContext, invitation: Invitation, tenantName: string) {
  if (invitation.acceptedAt || invitation.revokedAt) throw new E_INVITATION_STATE()
  const { token, ...hashed } = newToken()
  await invitation.merge(hashed).save()
  const { email, role } = invitation
  await core.track(invitation, 'user.invited', { email, role })
  mailLater(ctx, { email, token, tenantName })
}

/** Takes an offer back: its link opens nothing any more. */
export async function revoke(invitation: Invitation) {
  if (invitation.acceptedAt || invitation.revokedAt) throw new E_INVITATION_STATE()
  await invitation.merge({ revokedAt: DateTime.utc() }).save()
  await core.track(invitation, 'invitation.revoked', { email: invitation.email })
}
