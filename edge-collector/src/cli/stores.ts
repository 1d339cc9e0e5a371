import { join } from 'node:path'
import { Registry } from '../miners/registry.js'
import type { Time } from '../poll/time.js'
import { Refusal } from '../portal/refusal.js'
import { isInUse } from '../store/database.js'
import { Queue } from '../store/queue.js'

const MEGABYTE = 1024 * 1024

/** The data of a state folder, for this process alone. Throws Refusal. */
export function openStores(folder: string, megabytes: number, time: Time): [Queue, Registry] {
  try {
    const file = join(folder, 'queue.db')
    const queue = new Queue({ file, maxBytes: megabytes * MEGABYTE, clock: time.clock })
    return [queue, new Registry(join(folder, 'miners.db'), time.clock)]
  } catch (error) {
    if (!isInUse(error)) throw error
    throw new Refusal(`another collector runs in ${folder}`)
  }
}
