import { theHost } from '#core/host'

/**
 * Does something beside the request, which does not wait for it: outside its transaction, and
 * finished before the process ends. A failure is logged, since nobody is waiting.
 */
export const inBackground = (name: string, task: () => Promise<unknown>) =>
  theHost().inBackground(name, task)
