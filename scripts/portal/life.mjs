/** One place that knows that we were asked to end, and by what. The first request counts. */
import { Ended } from './errors.mjs'

let endedBy = null
const listeners = new Set()

export const endSignal = () => endedBy

export function end(signal) {
  if (endedBy) return
  endedBy = signal
  for (const listener of [...listeners]) listener(signal)
}

export function onEnd(listener) {
  listeners.add(listener)
  if (endedBy) listener(endedBy)
  return () => listeners.delete(listener)
}

export function throwIfEnded() {
  if (endedBy) throw new Ended(endedBy)
}

/**
 * Signals, and the death of the parent: npm starts scripts through `sh -c`, which does not pass
 * SIGTERM on, so a killed npm would leave everything running.
 */
export function watchForEnd({ parent }) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal))
  if (!parent) return
  const original = process.ppid
  setInterval(() => process.ppid !== original && end('SIGTERM'), 500).unref()
}
