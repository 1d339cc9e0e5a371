#!/usr/bin/env node
/**
 * npm start / dev / test / build / run ace / bench / prove. Runs on any Node from 20 on, needs no
 * package: it installs them, then runs itself again on the Node 24 that came with them.
 */
import { fileURLToPath } from 'node:url'
import { Ended, explain, Plain } from './portal/errors.mjs'
import { installPackages } from './portal/install.mjs'
import { watchForEnd } from './portal/life.mjs'
import { complain, logFor } from './portal/log.mjs'
import { continueOn, findNode24 } from './portal/node24.mjs'
import { ROOT } from './portal/paths.mjs'

const COMMANDS = {
  'start': () => import('./portal/command_start.mjs'),
  'start-build': () => import('./portal/command_start.mjs'),
  'dev': () => import('./portal/command_start.mjs'),
  'test': () => import('./portal/command_test.mjs'),
  'build': () => import('./portal/command_build.mjs'),
  'ace': () => import('./portal/command_ace.mjs'),
  'bench': () => import('./portal/command_bench.mjs'),
  'prove': () => import('./portal/command_bench.mjs'),
}

async function bootstrap(command, args) {
  // Only under npm: a portal started by hand may outlive the shell that started it.
  watchForEnd({ parent: Boolean(process.env.npm_lifecycle_event) })
  await installPackages()
  return continueOn(findNode24(), fileURLToPath(import.meta.url), [command, ...args])
}

async function main() {
  const [command = 'start', ...args] = process.argv.slice(2)
  logFor(command)
  if (!Object.hasOwn(COMMANDS, command)) {
    throw new Plain(`Unknown command "${command}": use ${Object.keys(COMMANDS).join(', ')}.`)
  }
  process.chdir(ROOT)
  if (!process.env.HI_BOOTSTRAPPED) return bootstrap(command, args)
  delete process.env.HI_BOOTSTRAPPED
  watchForEnd({ parent: true })
  const { default: run } = await COMMANDS[command]()
  return run(args, command)
}

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

main().then(
  (code) => process.exit(code ?? 0),
  (error) => {
    if (error instanceof Ended) process.exit(CODES[error.signal] ?? 1)
    complain(explain(error))
    if (process.env.HI_DEBUG) console.error(error)
    process.exit(error.exitCode ?? 1)
  }
)
