/** Child processes: run one to its end, or keep one running. */
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { endSignal, onEnd, throwIfEnded } from './life.mjs'
import { isAlive, identity, sleep } from './locks.mjs'
import { complain } from './log.mjs'
import { SCRIPTS } from './paths.mjs'

const GRACE = 10_000
const KEEPER = `--import=${pathToFileURL(path.join(SCRIPTS, 'end_with_parent.mjs')).href}`

/**
 * Runs node with `args`. `output`: 'inherit' shows it, 'capture' returns it, a number is the
 * file descriptor to write to. With `interactive` the child shares our terminal, which sends it
 * Ctrl-C itself.
 */
export async function runNode(args, options) {
  const { code, output } = await run(process.execPath, args, options)
  if (!options.last) throwIfEnded()
  return { code, output }
}

export function run(command, args, { env, cwd, output = 'inherit', interactive, shell } = {}) {
  const capture = output === 'capture'
  const out = capture ? 'pipe' : output
  const stdio = [interactive ? 'inherit' : 'ignore', out, capture ? 'pipe' : 2]
  const child = spawn(command, args, { env, cwd, stdio, shell })
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => chunks.push(data))
  const off = onEnd((signal) => {
    const terminalTells = interactive && signal === 'SIGINT' && process.stdin.isTTY
    if (!terminalTells) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  })
  return new Promise((resolve) => {
    const done = (code) => {
      off()
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') })
    }
    child.on('error', (error) => {
      chunks.push(Buffer.from(error.message))
      done(127)
    })
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

/** Starts a service in its own process group; only we tell it to end. */
export function startService(args, { env, cwd, endWith = 'SIGTERM' }) {
  const child = spawn(process.execPath, [KEEPER, ...args], {
    env: { ...env, HI_END_WITH: endWith },
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  })
  const who = identity(child.pid)
  const exited = new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => resolve(code ?? signal))
  })
  return { who, exited, stop: () => stopGroup(child, exited, endWith) }
}

function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // gone
  }
}

/** The service first; whatever else is in its group after it, or when the grace is over. */
async function stopGroup(child, exited, signal) {
  if (!child.pid) return
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await Promise.race([exited, sleep(GRACE)])
  signalGroup(child.pid, 'SIGKILL')
  await Promise.race([exited, sleep(2000)])
}

/** Services of a supervisor that was killed: they end by themselves, but we may be faster. */
export async function endLeftovers(list = []) {
  for (const who of list) if (isAlive(who)) signalGroup(who.pid, 'SIGTERM')
  const until = Date.now() + GRACE
  while (list.some(isAlive) && Date.now() < until) await sleep(50)
  for (const who of list) if (isAlive(who)) signalGroup(who.pid, 'SIGKILL')
}

/**
 * Keeps a service running. It is started again when it ends by itself, later each time it did
 * not last; before it was `proven` (seen working) it may fail only three times.
 */
export function keepRunning(name, start, { onStart = () => {} } = {}) {
  const state = { proven: false, current: null, stopped: false }
  const finished = (async () => {
    for (let fails = 0; !state.stopped && !endSignal();) {
      const since = Date.now()
      state.current = start()
      onStart(state.current)
      const code = await state.current.exited
      if (state.stopped || endSignal()) return null
      if (Date.now() - since > 60_000) fails = 0
      fails++
      if (!state.proven && fails >= 3) return code
      const delay = Math.min(30_000, 500 * 2 ** (fails - 1))
      complain(`${name} ended unexpectedly (${code}); starting it again in ${delay / 1000} s`)
      await waitUnlessEnded(delay, state)
    }
    return null
  })()
  const stop = async () => {
    state.stopped = true
    await state.current?.stop()
  }
  return { finished, stop, proven: () => (state.proven = true), current: () => state.current }
}

async function waitUnlessEnded(ms, state) {
  const until = Date.now() + ms
  while (Date.now() < until && !endSignal() && !state.stopped) await sleep(100)
}
