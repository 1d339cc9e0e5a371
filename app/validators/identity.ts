import vine from '@vinejs/vine'
import { LOCALES } from '#middleware/locale_middleware'
import { passwordProblem } from '#services/password_rules'

const FIELDS_ABOUT = ['fullName', 'email', 'tenantName'] as const
export const CURRENCIES = ['USD', 'EUR', 'CNY', 'HKD', 'GBP', 'CAD', 'AED', 'KZT', 'NOK'] as const
export const TIME_ZONES = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
]

/** Refuses passwords that are too short, too long, on the common list or easy to guess. */
const strong = vine.createRule((value, _: undefined, field) => {
  if (typeof value !== 'string') return
  const typed = FIELDS_ABOUT.map((name) => String(field.data[name] ?? ''))
  const problem = passwordProblem(value, [...typed, ...(field.meta.about ?? [])])
  if (problem) field.report('The {{ field }} field is refused', `password_${problem}`, field)
})

const newPassword = () => vine.string().use(strong(undefined))
const email = () => vine.string().trim().toLowerCase().maxLength(254).email()
const fullName = () => vine.string().trim().minLength(1).maxLength(120)
const typedPassword = () => vine.string().maxLength(1024)
const timeZone = () => vine.string().in(TIME_ZONES)

/** What anybody may type; whether it is right is another question. */
export const signInValidator = vine.create({
  email: vine.string().trim().toLowerCase().maxLength(254),
  password: typedPassword(),
})

export const codeValidator = vine.create({ code: vine.string().trim().maxLength(64) })

export const forgotValidator = vine.create({ email: email() })

/** Give `about`: name and address of the person whose password it becomes. */
export const resetValidator = vine
  .withMetaData<{ about: string[] }>()
  .create({ newPassword: newPassword() })

export const setupValidator = vine.create({
  tenantName: fullName(),
  fullName: fullName(),
  email: email(),
  timeZone: timeZone().optional(),
  newPassword: newPassword(),
})

/** Give `about`: the address of the invitation. */
export const acceptanceValidator = vine
  .withMetaData<{ about: string[] }>()
  .create({ fullName: fullName(), newPassword: newPassword() })

export const accountValidator = vine.create({
  fullName: fullName(),
  timeZone: timeZone(),
  currency: vine.enum(CURRENCIES),
  locale: vine.enum(LOCALES),
})

/** Give `about`: name and address of the person. */
export const changePasswordValidator = vine
  .withMetaData<{ about: string[] }>()
  .create({ password: typedPassword(), newPassword: newPassword() })

export const confirmationValidator = vine.create({ password: typedPassword() })

export const totpValidator = vine.create({
  password: typedPassword(),
  code: vine.string().trim().maxLength(12),
})
