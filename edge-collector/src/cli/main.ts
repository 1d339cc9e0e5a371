import { parseArgs } from 'node:util'
import { type Command, EXIT, type Given, type Terminal, UsageError } from './command.js'
import type { Offered } from './commands.js'
import { table } from './table.js'
import { VERSION } from './version.js'

/** The name that people type. */
const NAME = 'hashinsight-edge'

/** Runs the command that the words name and gives the exit code. */
export const main = async (
  words: readonly string[],
  commands: readonly Offered[],
  terminal: Terminal
): Promise<number> => {
  const [name, ...rest] = words
  if (name === '--version') return say(terminal, VERSION)
  if (name === undefined || name === '--help' || name === 'help') {
    return say(terminal, helpOf(await Promise.all(commands.map((one) => one.load()))))
  }
  const offered = commands.find((one) => one.name === name)
  try {
    if (!offered) throw new UsageError(`there is no command "${name}"; see --help`)
    const command = await offered.load()
    const given = parse(command, rest)
    if (given.options.help) return say(terminal, helpOfOne(command))
    return await command.run(given, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.err(`${[NAME, offered?.name].filter(Boolean).join(' ')}: ${error.message}`)
    return EXIT.usage
  }
}

const say = ({ out }: Terminal, text: string) => {
  out(text)
  return EXIT.done
}

const parse = (command: Command, args: string[]): Given => {
  try {
    const options = { ...command.options, help: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { words: positionals, options: values as Given['options'] }
  } catch (error) {
    // Node names the option; what follows its first sentence is about positional arguments.
    if (!isParseError(error)) throw error
    throw new UsageError(error.message.split(/\. |\n/)[0]!)
  }
}

const isParseError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof TypeError &&
  String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')

const helpOf = (commands: readonly Command[]) =>
  `Usage: ${NAME} <command> [options]

${table(commands.map(({ name, summary }) => [`  ${name}`, summary]))}

  ${NAME} <command> --help explains one of them; --version prints the version.`

const helpOfOne = ({ name, usage, summary, help }: Command) =>
  `Usage: ${NAME} ${name} ${usage}

  ${summary}

${help}`
