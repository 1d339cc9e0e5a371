import vine from '@vinejs/vine'
import { TENANT_ROLES } from '#core/roles'

/** A member's role, reach and end. Choices of sites and customers come with the form. */
export const membershipSchema = vine.object({
  role: vine.enum(TENANT_ROLES),
  siteIds: vine.array(vine.string().uuid()).optional(),
  customerId: vine.string().uuid().nullable().optional().meta({ control: 'select' }),
  validUntil: vine
    .date({ formats: ['YYYY-MM-DD'] })
    .nullable()
    .optional()
    .meta({ control: 'date' }),
})

export const invitationSchema = vine.object({
  email: vine.string().trim().email().maxLength(254),
  ...membershipSchema.getProperties(),
})

export const extensionSchema = vine.object({
  days: vine.number().withoutDecimals().min(1).max(3660),
})

/** A member of the platform's staff. */
export const staffSchema = vine.object({
  email: vine.string().trim().email().maxLength(254),
  role: vine.enum(['owner', 'admin'] as const),
})

const currency = () =>
  vine
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/)

export const tenantSchema = vine.object({
  name: vine.string().trim().minLength(1).maxLength(120),
  slug: vine
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9-]{1,40}$/),
  currency: currency(),
  ownerEmail: vine.string().trim().email().maxLength(254),
})

/** What a tenant says about itself. */
export const tenantSettingsSchema = vine.object({
  name: vine.string().trim().minLength(1).maxLength(120),
  currency: currency(),
})
