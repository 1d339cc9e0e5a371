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

const firstLine = (text) => String(text).split('\n')[0]

const OUT_OF_SPACE = new Set(['ENOSPC', 'EDQUOT', '53100'])
const NO_PERMISSION = new Set(['EACCES', 'EPERM'])

/** What a code of the system means for the person at the keyboard; the first that fits counts. */
const SENTENCES = [
  {
    fits: ({ code, message }) => OUT_OF_SPACE.has(code) || saysDiskFull(message),
    say: ({ place }) => diskFull(place).message,
  },
  {
    fits: ({ code, place }) => NO_PERMISSION.has(code) && place,
    say: ({ place }) =>
      `No permission to use ${place}: run as its owner or choose another PORTAL_HOME.`,
  },
  {
    fits: ({ code }) => code === 'EROFS',
    say: ({ place }) => `The disk that holds ${place} is read-only.`,
  },
  {
    fits: ({ code }) => code === 'ERR_MODULE_NOT_FOUND',
    say: ({ message }) =>
      `A package is missing (${firstLine(message)}): remove node_modules and start again.`,
  },
]

/** One sentence for any error, whoever threw it. */
export function explain(error) {
  if (error instanceof Plain) return error.message
  const { code, message, path, dest } = error ?? {}
  const facts = { code, message, place: path ?? dest }
  const known = SENTENCES.find(({ fits }) => fits(facts))
  return known ? known.say(facts) : firstLine(message ?? error)
}
