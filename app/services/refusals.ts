import type { HttpContext } from '@adonisjs/core/http'
import { errors } from '@vinejs/vine'
import { defineError } from '#core/errors'

/** The address or the password is wrong; the answer does not say which. */
export const E_INVALID_CREDENTIALS = defineError(
  'E-mail or password is wrong',
  'E_INVALID_CREDENTIALS',
  422
)

/** The code of the second factor is wrong or was used before. */
export const E_WRONG_CODE = defineError('The code is wrong or was used before', 'E_WRONG_CODE', 422)

/** A mailed link that is wrong, used, withdrawn or too old: nobody can tell which. */
export const E_LINK_ENDED = defineError('This link does not work any more', 'E_LINK_ENDED', 410)

/** Puts a sentence beside a field, as validation does. */
export function refuseField({ i18n }: HttpContext, field: string, key: string): never {
  throw new errors.E_VALIDATION_ERROR([{ field, rule: 'refused', message: i18n.t(key) }])
}

/** Whether an attempt failed in a way that the form itself should say: wrong, or too often. */
export const isRefusedAttempt = (error: unknown): error is { status: number; code: string } =>
  ['E_INVALID_CREDENTIALS', 'E_WRONG_CODE', 'E_TOO_MANY'].includes(
    (error as { code?: string } | null)?.code ?? ''
  )
