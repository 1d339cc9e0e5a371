import { createError, Exception } from '@adonisjs/core/exceptions'

/** A request that only a signed-in person may make. */
export const E_SIGN_IN_NEEDED = createError('Sign in first', 'E_SIGN_IN_NEEDED', 401)

/** A request the actor may not make. */
export const E_FORBIDDEN = createError<[permission: string]>(
  'You need the permission "%s"',
  'E_FORBIDDEN',
  403
)

/** There is no such thing, or it belongs to somebody else: nobody can tell the two apart. */
export const E_NOT_FOUND = createError('There is no such page or record', 'E_NOT_FOUND', 404)

/** Tenanted data was touched outside a request, job or command. */
export const E_NO_CURRENT = createError(
  'Nobody is acting: wrap this code in current.run()',
  'E_NO_CURRENT',
  500
)

/** Tenanted data was touched by somebody who acts for no tenant, a guest for example. */
export const E_NO_TENANT = createError('No tenant is chosen', 'E_NO_TENANT', 403)

/** A job or command of a plugin that this tenant has switched off. */
export const E_PLUGIN_OFF = createError<[plugin: string]>(
  'The plugin "%s" is switched off for this tenant',
  'E_PLUGIN_OFF',
  404
)

/** Too many attempts; the message names the seconds to wait. */
export const E_TOO_MANY = createError<[seconds: number]>(
  'Too many attempts: try again in %d s',
  'E_TOO_MANY',
  429
)

/** A page cursor that this list did not give out. */
export const E_BAD_CURSOR = createError('This is no cursor of this list', 'E_BAD_CURSOR', 422)

/** Defines a refusal: a sentence, a code and a status. */
export { createError as defineError }

/** One thing that is wrong with the input: the field and the key of a sentence about it. */
export interface InputFault {
  field: string
  /** Key of the text that says what is wrong. */
  key: string
  args?: Record<string, string | number>
}

/** Input that no schema can refuse by itself: each fault lands beside its field. */
export class BadInput extends Exception {
  static status = 422
  static code = 'E_VALIDATION_ERROR'

  constructor(readonly messages: readonly InputFault[]) {
    super(messages.map(({ field, key }) => `${field}: ${key}`).join(', '))
  }
}
