import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Refusal } from '../portal/refusal.js'
import { type Command, EXIT, type Given, textOption, UsageError } from './command.js'

/** The option of all commands that work on an installed collector. */
export const STATE_OPTION = { state: { type: 'string' } } as const
export const STATE_HELP = `  --state DIR      where keys, settings and data are; HASHINSIGHT_EDGE_STATE says it as well`

/** Where this collector keeps what it must not forget. */
export function stateFolder(given: Given, env: NodeJS.ProcessEnv = process.env): string {
  const named = textOption(given, 'state') ?? env.HASHINSIGHT_EDGE_STATE
  if (named) return resolve(named)
  if (process.getuid?.() === 0) return '/var/lib/hashinsight-edge'
  return join(env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'hashinsight-edge')
}

/** A refusal is a line on the terminal and an exit code, never a stack. */
export const refusing =
  (run: Command['run']): Command['run'] =>
  async (given, terminal) => {
    try {
      return await run(given, terminal)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      terminal.err(error.message)
      return EXIT.failed
    }
  }

/** Commands that take options only. */
export function noWords({ words }: Given): void {
  if (words.length > 0) throw new UsageError(`"${words[0]}" is one word too many`)
}
