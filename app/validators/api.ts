import vine from '@vinejs/vine'
import { listFields, moment } from '#core/api'
import { MAX_TOKEN_DAYS } from '#services/api_tokens'

const id = () => vine.string().uuid()

/** The form of a new token. */
export const tokenForm = vine.create(
  vine.object({
    name: vine.string().trim().minLength(1).maxLength(80),
    days: vine.number().withoutDecimals().range([1, MAX_TOKEN_DAYS]),
    scopes: vine.array(vine.string().maxLength(120)).minLength(1).maxLength(500),
  })
)

export const listQuery = vine.object(listFields())

export const auditQuery = vine.object({
  ...listFields(),
  name: vine.string().maxLength(120).optional(),
  subjectId: vine.string().maxLength(120).optional(),
})

export const index = vine.object({
  name: vine.string(),
  version: vine.string(),
  openapi: vine.string().url({ require_tld: false }),
  resources: vine.array(vine.string()),
})

export const document = vine.object({}).allowUnknownProperties()

export const me = vine.object({
  user: vine.object({ id: id(), fullName: vine.string(), email: vine.string() }),
  tenant: vine.object({ id: id(), slug: vine.string(), name: vine.string(), demo: flag() }),
  role: vine.string(),
  siteIds: vine.array(id()).nullable(),
  customerId: id().nullable(),
  token: vine.object({
    id: id(),
    name: vine.string(),
    prefix: vine.string(),
    scopes: vine.array(vine.string()),
    expiresAt: moment(),
  }),
  permissions: vine.array(vine.string()),
})

function flag() {
  return vine.boolean({ strict: true })
}

export const site = vine.object({
  id: id(),
  code: vine.string(),
  name: vine.string(),
  timeZone: vine.string(),
  country: vine.string().nullable(),
  capacityKw: vine.number().nullable(),
  archivedAt: moment().nullable(),
  createdAt: moment(),
})

export const customer = vine.object({
  id: id(),
  code: vine.string(),
  name: vine.string(),
  email: vine.string().nullable(),
  archivedAt: moment().nullable(),
  createdAt: moment(),
})

export const member = vine.object({
  id: id(),
  userId: id(),
  fullName: vine.string(),
  email: vine.string(),
  role: vine.string(),
  siteIds: vine.array(id()).nullable(),
  customerId: id().nullable(),
  validFrom: moment(),
  validUntil: moment().nullable(),
  suspendedAt: moment().nullable(),
})

export const auditEvent = vine.object({
  id: id(),
  occurredAt: moment(),
  actorId: id().nullable(),
  via: vine.string(),
  name: vine.string(),
  subjectType: vine.string(),
  subjectId: vine.string(),
  requestId: vine.string().nullable(),
  payload: vine.object({}).allowUnknownProperties(),
})
