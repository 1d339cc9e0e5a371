import { defineError } from '#core/errors'

/** No such collector, or the signature is not its own: nobody can tell the two apart. */
export const E_COLLECTOR_UNKNOWN = defineError(
  'This is no request of a collector of this portal',
  'E_COLLECTOR_UNKNOWN',
  401
)

/** Somebody took the collector out. */
export const E_COLLECTOR_REVOKED = defineError(
  'This collector was taken out of service',
  'E_COLLECTOR_REVOKED',
  403
)

/** Signed at another time than now: an old request sent again, or a clock that is wrong. */
export const E_CLOCK_SKEW = defineError(
  'The request was signed at another time than now',
  'E_CLOCK_SKEW',
  403
)

/** More bytes than are taken, as sent or when inflated. */
export const E_TOO_LARGE = defineError('The request is too large', 'E_TOO_LARGE', 413)

/** The body is not what its headers say, or no JSON. */
export const E_BODY_UNREADABLE = defineError(
  'The body of the request cannot be read',
  'E_BODY_UNREADABLE',
  422
)

/** The JSON is none of the messages of the protocol; the first fault is named. */
export const E_MESSAGE = defineError<[fault: string]>(
  'The message is not as the protocol says: %s',
  'E_MESSAGE',
  422
)

/** The number of this batch was taken by other samples: two machines with one key, or tampering. */
export const E_SEQ_CONFLICT = defineError(
  'Another batch has this number already',
  'E_SEQ_CONFLICT',
  409
)

/** The code is wrong, used or expired: nobody can tell which. */
export const E_CODE_INVALID = defineError(
  'This code is not valid (any more)',
  'E_CODE_INVALID',
  403
)
