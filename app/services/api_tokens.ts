import assert from 'node:assert/strict'
import { timingSafeEqual } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import core from '#core/core'
import { current } from '#core/current'
import { defineError, E_NOT_FOUND } from '#core/errors'
import { isId, newId } from '#core/ids'
import type { Role } from '#core/roles'
import { tenantAccess } from '#services/identities'
import { permissionsOf, pluginOf } from '#services/registry'
import { hashToken, isTokenShaped, mintToken } from '#services/token_format'

export const MAX_TOKEN_DAYS = 90
const DAY_MS = 86_400_000
const TOUCH_EVERY_MS = 60_000

/** No Authorization header with a bearer token; a session cookie counts for nothing here. */
export const E_TOKEN_NEEDED = defineError('Send a bearer token', 'E_TOKEN_NEEDED', 401)

/** Not a token of ours, or one with a typo in it. */
export const E_TOKEN_MALFORMED = defineError('This is no token', 'E_TOKEN_MALFORMED', 401)

/** Unknown, revoked or expired, or its owner may no longer act here: nobody can tell which. */
export const E_TOKEN_INVALID = defineError('This token is not valid', 'E_TOKEN_INVALID', 401)

/** A scope that the owner does not hold. */
export const E_SCOPE_NOT_HELD = defineError<[scope: string]>(
  'You do not hold "%s"',
  'E_SCOPE_NOT_HELD',
  422
)

export interface TokenRow {
  tenant_id: string
  id: string
  user_id: string
  name: string
  prefix: string
  scopes: string[]
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
  created_at: Date
}

const COLUMNS = [
  't.tenant_id',
  't.id',
  't.user_id',
  't.name',
  't.prefix',
  't.scopes',
  't.expires_at',
  't.last_used_at',
  't.revoked_at',
  't.created_at',
]

const covers = (scope: string, permission: string) =>
  scope === permission || (scope.endsWith('.*') && pluginOf(permission) === scope.slice(0, -2))

/** What a token may do: what its owner may do at this moment, and its scopes name. */
export const permissionsWithin = (held: ReadonlySet<string>, scopes: readonly string[]) =>
  new Set([...held].filter((permission) => scopes.some((scope) => covers(scope, permission))))

/** The live token that this text is, or E_TOKEN_MALFORMED or E_TOKEN_INVALID. */
export async function findToken(text: string, now = new Date()): Promise<TokenRow> {
  if (!isTokenShaped(text)) throw new E_TOKEN_MALFORMED()
  const hash = hashToken(text)
  const row = await db
    .connection('login')
    .from('api_tokens as t')
    .join('users as u', 'u.id', 't.user_id')
    .where('t.token_hash', hash)
    .select(...COLUMNS, 't.token_hash', 'u.suspended_at as owner_suspended_at')
    .first()
  if (!row || !timingSafeEqual(row.token_hash, hash)) throw new E_TOKEN_INVALID()
  const { token_hash: _, owner_suspended_at: suspendedAt, ...token } = row
  if (token.revoked_at || suspendedAt || token.expires_at <= now) throw new E_TOKEN_INVALID()
  return token as TokenRow
}

/** Notes that a token was used, at most once a minute. */
export async function touchToken({ tenant_id, id, last_used_at }: TokenRow, now = new Date()) {
  if (last_used_at && now.getTime() - last_used_at.getTime() < TOUCH_EVERY_MS) return
  await db
    .connection('login')
    .from('api_tokens')
    .where({ tenant_id, id })
    .where((query) =>
      query
        .whereNull('last_used_at')
        .orWhere('last_used_at', '<', new Date(now.getTime() - TOUCH_EVERY_MS))
    )
    .update({ last_used_at: now })
}

/** What a member with this role can give to a token in the current tenant. Never what platform staff hold. */
export async function scopesOf(role: Role) {
  const { overrides, pluginsOff } = await tenantAccess(current.tenantId())
  return permissionsOf(role, overrides, pluginsOff)
}

interface Wish {
  userId: string
  role: Role
  name: string
  scopes: readonly string[]
  days: number
}

/** Makes a token and returns its text, which exists nowhere else. */
export async function createToken({ userId, role, name, scopes, days }: Wish) {
  assert(days >= 1 && days <= MAX_TOKEN_DAYS, 'the form lets no other days through')
  const held = await scopesOf(role)
  const unknown = scopes.find((scope) => permissionsWithin(held, [scope]).size === 0)
  if (unknown !== undefined) throw new E_SCOPE_NOT_HELD([unknown])
  const { prefix, text } = mintToken()
  const id = newId()
  const expiresAt = new Date(Date.now() + days * DAY_MS)
  const { client } = current.get()
  const chosen = [...new Set(scopes)].sort()
  await client.table('api_tokens').insert({
    tenant_id: current.tenantId(),
    id,
    user_id: userId,
    name,
    prefix,
    token_hash: hashToken(text),
    scopes: chosen,
    expires_at: expiresAt,
  })
  await core.track({ id, type: 'api_tokens' }, 'token.created', { name, scopes: chosen })
  return { id, prefix, text, expiresAt, scopes: chosen }
}

/** Tokens of the current tenant that are not revoked, newest first; of one person when given. */
export async function listTokens(userId?: string): Promise<TokenRow[]> {
  const { client } = current.get()
  const query = client.from('api_tokens as t').where('t.tenant_id', current.tenantId())
  if (userId) query.where('t.user_id', userId)
  return query
    .whereNull('t.revoked_at')
    .orderBy('t.id', 'desc')
    .select(...COLUMNS)
}

/** Ends a token for good; of that person only when one is given. */
export async function revokeToken(id: string, userId?: string) {
  if (!isId(id)) throw new E_NOT_FOUND()
  const { client } = current.get()
  const query = client.from('api_tokens').where({ tenant_id: current.tenantId(), id })
  if (userId) query.where('user_id', userId)
  const [row] = await query.whereNull('revoked_at').update({ revoked_at: new Date() }, ['name'])
  if (!row) throw new E_NOT_FOUND()
  await core.track({ id, type: 'api_tokens' }, 'token.revoked', { name: row.name })
  return row.name as string
}
