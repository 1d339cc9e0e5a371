/**
 * Failures a person can act on. Everything that is thrown ends here as one sentence: a stack
 * trace helps nobody who only wanted to start a portal (HI_DEBUG=1 shows it to those who do).
 */
export class Plain extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The program was asked to end while it was still working; not a failure. */
export class Ended extends Error {
  constructor(signal) {
    super(`ended by ${signal}`)
    this.signal = signal
  }
}

const DISK_FULL = /no space left on device|ENOSPC|disk quota exceeded|could not extend file/i

export const saysDiskFull = (text) => DISK_FULL.test(text ?? '')

export function diskFull(where) {
  const place = where ? ` that holds ${where}` : ''
  return new Plain(`The disk${place} is full: free some space, then start again.`)
}

/** One sentence for any error, whoever threw it. */
export function explain(error) {
  if (error instanceof Plain) return error.message
  const code = error?.code
  const place = error?.path ?? error?.dest
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' || saysDiskFull(error?.message)) {
    return diskFull(place).message
  }
  if ((code === 'EACCES' || code === 'EPERM') && place) {
    return `No permission to use ${place}: run as its owner or choose another PORTAL_HOME.`
  }
  if (code === 'EROFS') return `The disk that holds ${place} is read-only.`
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return `A package is missing (${error.message.split('\n')[0]}): remove node_modules and start again.`
  }
  return String(error?.message ?? error).split('\n')[0]
}
