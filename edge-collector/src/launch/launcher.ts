import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { Log } from '../poll/time.js'
import { layoutOf, RESTART } from '../update/layout.js'
import { type Active, hasReached, loadActive } from '../update/record.js'
import { permissionFlags } from './permissions.js'
import { binOf, codeOf, type Installed, keep, prove, rollBack, takeOrder } from './versions.js'

export interface LaunchOptions {
  folder: string
  installed: Installed
  signal: AbortSignal
  log: Log
  clock?: () => number
  /** For the first answered heartbeat of a new version. */
  trialMs?: number
  /** Between looks at whether it came. */
  lookMs?: number
  /** Before a version on trial that ended is started again. */
  pauseMs?: number
}

/** Starts of a version on trial, before the one from before comes back. */
const MOST_STARTS = 3
const TRIAL_MS = 600_000
/** For a collector that was asked to end. */
const END_MS = 12_000

/** How a run ended. */
interface End {
  code: number
  isLate: boolean
}

/**
 * Keeps a confined collector running. Nothing comes here over the network: it starts the collector,
 * switches to a version that the portal ordered, and back when that does not prove itself.
 */
export async function launch(given: LaunchOptions): Promise<number> {
  const options = { clock: Date.now, trialMs: TRIAL_MS, lookMs: 1000, pauseMs: 2000, ...given }
  const { folder, installed, signal, clock } = options
  const { updates, versions } = layoutOf(folder)
  for (const path of [updates, versions]) mkdirSync(path, { recursive: true, mode: 0o700 })
  for (;;) {
    const known = loadActive(folder, installed.version)
    const active = begin(options, await takeOrder(folder, installed, known, clock))
    const end = await runOnce(options, active)
    if (signal.aborted) {
      forgive(folder, installed)
      return end.code
    }
    if (end.code === RESTART) continue
    const now = loadActive(folder, installed.version)
    if (!now.trial) return end.code
    judge(options, now, end)
    await pause(options.pauseMs, signal)
  }
}

type Whole = Required<LaunchOptions>

/** Counts a start of a version on trial before it happens: a machine may go down with it. */
function begin({ folder, clock, trialMs, log }: Whole, active: Active): Active {
  const { trial, version } = active
  if (!trial) return active
  const isLate = clock() - trial.since > trialMs
  if (isLate || trial.starts >= MOST_STARTS) {
    log('error', `${version} did not prove itself; the version before is started`)
    const reason = isLate ? LATE : `it ended ${trial.starts} times`
    return rollBack(folder, active, reason, clock)
  }
  return keep(folder, { ...active, trial: { ...trial, starts: trial.starts + 1 } })
}

const LATE = 'the portal answered no heartbeat of it in time'

function judge({ folder, clock, log }: Whole, active: Active, { code, isLate }: End): void {
  const starts = active.trial?.starts ?? 0
  if (!isLate && starts < MOST_STARTS) return
  const reason = isLate ? LATE : `it ended ${starts} times, the last time with code ${code}`
  log('error', `${active.version}: ${reason}; the version before is started`)
  rollBack(folder, active, reason, clock)
}

/** Somebody stopped it: that start says nothing about the version. */
function forgive(folder: string, installed: Installed): void {
  const active = loadActive(folder, installed.version)
  if (!active.trial) return
  const starts = Math.max(0, active.trial.starts - 1)
  keep(folder, { ...active, trial: { ...active.trial, starts } })
}

/**
 * It shares a small computer: a heap that is collected early holds half as much after a scan of
 * thousands of miners, for a little more work.
 */
const SMALL_HEAP = ['--heap-growing-percent=20', '--max-semi-space-size=4']

async function runOnce(options: Whole, active: Active): Promise<End> {
  const { folder, installed, signal } = options
  if (signal.aborted) return { code: 0, isLate: false }
  const code = codeOf(folder, installed, active)
  const words = [...SMALL_HEAP, ...permissionFlags({ code, folder }), binOf(code)]
  const child = spawn(process.execPath, [...words, 'run', '--supervised', '--state', folder], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  // The end of its input is how it hears that it should end, also when this process is killed.
  child.stdin.on('error', () => {})
  let killing: NodeJS.Timeout | undefined
  const stop = () => {
    child.stdin.end()
    killing ??= setTimeout(() => child.kill('SIGKILL'), END_MS)
  }
  signal.addEventListener('abort', stop, { once: true })
  const trial = watchTrial(options, active, stop)
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  clearTimeout(killing)
  signal.removeEventListener('abort', stop)
  return { code: exitCode ?? 1, isLate: trial.end() }
}

/** Looks whether the portal answered a version on trial; stops it when that takes too long. */
function watchTrial({ folder, clock, trialMs, lookMs }: Whole, active: Active, stop: () => void) {
  let isLate = false
  const { trial, version } = active
  if (!trial || version === null) return { end: () => false }
  const look = () => {
    if (hasReached(folder, version)) {
      prove(folder, active)
      clearInterval(looking)
    } else if (clock() - trial.since > trialMs) {
      isLate = true
      clearInterval(looking)
      stop()
    }
  }
  const looking = setInterval(look, lookMs)
  return {
    end: () => {
      clearInterval(looking)
      if (!isLate && hasReached(folder, version)) prove(folder, active)
      return isLate
    },
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
