import { defineError } from '#core/errors'

/** More rows than one list may have. */
export const E_IMPORT_TOO_MANY = defineError<[rows: number]>(
  'The list has more than %d rows',
  'E_IMPORT_TOO_MANY',
  422
)

/** The list is in a state in which this cannot be done: not checked yet, applied already. */
export const E_IMPORT_STATE = defineError('The list has moved on', 'E_IMPORT_STATE', 409)

/** The fleet, the file or the mapping is not what was checked. Nothing was written. */
export const E_IMPORT_MOVED = defineError(
  'The fleet or the mapping changed since the list was checked',
  'E_IMPORT_MOVED',
  409
)
