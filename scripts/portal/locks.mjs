/**
 * Locks that survive neither a crash nor a reboot. A process is known by its pid AND its start
 * time: a pid alone may belong to somebody else by now.
 */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** When the process started (any stable text), or null when there is none (a zombie is none). */
export function processStart(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'win32') return signalReaches(pid) ? 'running' : null
  const { stdout } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  })
  const text = stdout?.trim() ?? ''
  return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '')
}

function linuxStart(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId()}:${fields[19]}`
  } catch {
    return null
  }
}

const bootId = () => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
  } catch {
    return os.hostname()
  }
}

function signalReaches(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

export const identity = (pid = process.pid) => ({ pid, started: processStart(pid) })
export const isAlive = (who) => Boolean(who?.started) && processStart(who.pid) === who.started

/** The holder written in a lock file; null when there is none or it is unreadable. */
export function lockHolder(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/**
 * Takes the lock or returns { holder } of the living process that has it. `previous` is what a
 * dead process left, so that the caller can tidy up after it.
 */
export function takeLock(file, facts = {}) {
  let previous = null
  for (let attempt = 0; attempt < 50; attempt++) {
    if (createLock(file, facts)) {
      return { taken: true, previous, release: () => releaseLock(file) }
    }
    const holder = lockHolder(file)
    if (isAlive(holder)) return { taken: false, holder }
    if (holder === null && justWritten(file)) return { taken: false, holder: { pid: 0 } }
    previous = clearStale(file, holder) ?? previous
  }
  return { taken: false, holder: lockHolder(file) }
}

/** False when the file is there already. A full disk leaves an empty one, which is none. */
function createLock(file, facts) {
  try {
    const holder = JSON.stringify({ ...identity(), ...facts })
    fs.writeFileSync(file, holder, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    if (error.code === 'ENOSPC') fs.rmSync(file, { force: true })
    throw error
  }
}

/** Somebody may be between creating the file and filling it. */
function justWritten(file) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs < 2000
  } catch {
    return false
  }
}

/** Two healers must not remove each other's fresh lock: move it away, look, then delete. */
function clearStale(file, stale) {
  const aside = `${file}.stale.${process.pid}`
  try {
    fs.renameSync(file, aside)
    const moved = lockHolder(aside)
    if (isAlive(moved)) fs.linkSync(aside, file)
    fs.rmSync(aside, { force: true })
    return isAlive(moved) ? null : stale
  } catch {
    return null
  }
}

export function releaseLock(file) {
  if (lockHolder(file)?.pid === process.pid) fs.rmSync(file, { force: true })
}

/** Adds facts to a lock we hold (the pids of our children, for whoever finds the lock stale). */
export function noteInLock(file, facts) {
  const next = `${file}.${process.pid}.new`
  fs.writeFileSync(next, JSON.stringify({ ...lockHolder(file), ...facts }), { mode: 0o600 })
  fs.renameSync(next, file)
}

/** Runs fn while no other process does; waits for its turn. */
export async function withMutex(file, fn, { onWait = () => {}, timeoutMs = 600_000 } = {}) {
  const until = Date.now() + timeoutMs
  for (let waits = 0; ; waits++) {
    const lock = takeLock(file)
    if (lock.taken) {
      try {
        return await fn()
      } finally {
        lock.release()
      }
    }
    if (waits === 10) onWait(lock.holder)
    if (Date.now() > until)
      throw new Error(`process ${lock.holder?.pid} holds ${file} for too long`)
    await sleep(50)
  }
}
