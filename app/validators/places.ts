import vine from '@vinejs/vine'

export const timeZones = Intl.supportedValuesOf('timeZone')
const ZONES = ['UTC', ...timeZones.filter((zone) => zone !== 'UTC')]

const code = () =>
  vine
    .string()
    .trim()
    .minLength(1)
    .maxLength(24)
    .regex(/^[\p{L}\p{N}._-]+$/u)
const name = () => vine.string().trim().minLength(1).maxLength(120)

/** A site: its code is short and unique, its zone of time rules billing days. */
export const siteSchema = vine.object({
  code: code(),
  name: name(),
  timeZone: vine.enum(ZONES),
  country: vine
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .optional(),
  capacityKw: vine.number().min(0).max(10_000_000).nullable().optional().meta({ unit: 'kW' }),
})

export const zoneSchema = vine.object({ code: code(), name: name() })

export const customerSchema = vine.object({
  code: code(),
  name: name(),
  email: vine.string().trim().email().maxLength(254).nullable().optional(),
})
