import type { ParseArgsOptionsConfig } from 'node:util'

/** Where a command writes to, and who can end it. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** A person looks at `err`, so progress may be shown there. */
  isWatched: boolean
  signal: AbortSignal
}

/** What was written behind the name of the command. */
export interface Given {
  words: string[]
  options: Record<string, string | boolean | undefined>
}

/** One command, one file. */
export interface Command {
  name: string
  /** Behind the name, as people write it. */
  usage: string
  summary: string
  /** Besides --help; each is explained in `help`. */
  options: ParseArgsOptionsConfig
  help: string
  /** Gives the exit code: 0 done, 1 not done. Throws UsageError, which is 2. */
  run(given: Given, terminal: Terminal): Promise<number>
}

export const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** The command cannot be understood; the message names the option and is one line. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** The value of an option that takes one; undefined when it is not there. */
export const textOption = (given: Given, name: string): string | undefined => {
  const value = given.options[name]
  if (value === '') throw new UsageError(`--${name} is empty`)
  return typeof value === 'string' ? value : undefined
}
