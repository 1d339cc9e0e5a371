/* eslint-disable @unicorn/filename-case -- it is what people type; the build adds the shebang */
import { COMMANDS } from '../src/cli/commands.js'
import { main } from '../src/cli/main.js'

let stop: AbortController | null = null

/** Only for commands that want to end well; others end at once, as the system does it. */
const stopSignal = () => {
  if (stop) return stop.signal
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  process.once('SIGTERM', () => controller.abort())
  stop = controller
  return controller.signal
}

// Not process.exit(): what was written to a pipe may not have left yet.
process.exitCode = await main(process.argv.slice(2), COMMANDS, {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  isWatched: process.stderr.isTTY,
  get signal() {
    return stopSignal()
  },
})
