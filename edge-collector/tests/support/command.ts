import { COMMANDS } from '../../src/cli/commands.js'
import { main } from '../../src/cli/main.js'

/** How a command ended, and what it said. */
export interface Ended {
  code: number | null
  out: string
  err: string
}

/** Runs a command in this process: a process of its own takes a second to start. */
export async function runCommand(...args: string[]): Promise<Ended> {
  const ended = { out: '', err: '' }
  const code = await main(args, COMMANDS, {
    out: (text) => (ended.out += `${text}\n`),
    err: (text) => (ended.err += `${text}\n`),
    isWatched: false,
    signal: new AbortController().signal,
  })
  return { ...ended, code }
}
