import { defineError } from '#core/errors'

/** A file with more rows than the company lets a batch have. */
export const E_BATCH_TOO_MANY_ROWS = defineError<[rows: number]>(
  'The file has more than %d rows',
  'E_BATCH_TOO_MANY_ROWS',
  422
)

/** Text that stops being a table at some line: a quote that never ends, a line without end. */
export const E_BATCH_TEXT = defineError<[line: number]>(
  'The text is no table from line %d on',
  'E_BATCH_TEXT',
  422
)

/** Neither a table of text nor a workbook. */
export const E_BATCH_KIND = defineError(
  'The file is neither CSV nor a workbook',
  'E_BATCH_KIND',
  422
)

/** Nothing but a head, or nothing at all. */
export const E_BATCH_EMPTY = defineError('There are no rows', 'E_BATCH_EMPTY', 422)

/** The batch is in a state in which this cannot be done: started twice, deleted meanwhile. */
export const E_BATCH_STATE = defineError('The batch has moved on', 'E_BATCH_STATE', 409)
