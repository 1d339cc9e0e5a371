import { defineError } from '#core/errors'

/** A file with more rows than the company lets a batch have. */
export const E_BATCH_TOO_MANY_ROWS = defineError<[rows: number]>(
  'The file has more than %d rows',
  'E_BATCH_TOO_MANY_ROWS',
  422
)

/** The batch is in a state in which this cannot be done: started twice, deleted meanwhile. */
export const E_BATCH_STATE = defineError('The batch has moved on', 'E_BATCH_STATE', 409)
