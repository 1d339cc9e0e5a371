import logger from '@adonisjs/core/services/logger'

const running = new Set<Promise<void>>()

/**
 * Does something after the answer was given: how long it takes tells nobody anything. A failure is
 * logged, since nobody is waiting for it.
 */
export function inBackground(name: string, task: () => Promise<unknown>) {
  const work = new Promise<void>((resolve) => setImmediate(resolve))
    .then(task)
    .then(() => undefined)
    .catch((error: unknown) => logger.error({ err: error, task: name }, 'background work failed'))
    .finally(() => running.delete(work))
  running.add(work)
}

/** Waits until all work begun so far is done: before the process ends, and in tests. */
export async function backgroundDone() {
  while (running.size > 0) await Promise.all(running)
}
