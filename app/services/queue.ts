import { createHash } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import type { Job, Queue, QueueOptions, Worker } from 'bullmq'
import { defineError } from '#core/errors'
import env from '#start/env'

/** The one thing that travels through the queue: where to look in the database. */
export interface Ticket {
  tenantId: string
  runId: string
}

/** The process is ending and opens no queue any more. */
const E_QUEUE_CLOSED = defineError('The queue is closed', 'E_QUEUE_CLOSED', 503)

/** The queue did not take a ticket in time. */
const E_QUEUE_SILENT = defineError('The queue did not answer', 'E_QUEUE_SILENT', 503)

export const QUEUES = { jobs: 'hi-jobs', schedule: 'hi-schedule' } as const
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES]

const WAKE_TIMEOUT_MS = 2_000
const open = new Map<QueueName, Promise<Queue>>()
let isEnding = false

export const queueBackend = () => (env.get('REDIS_URL') ? 'redis' : 'postgres')

/** Several test runs share one Redis; a schema of PostgreSQL is theirs alone. */
const prefix = () =>
  app.inTest
    ? `hi-${createHash('sha1').update(env.get('DATABASE_URL')).digest('hex').slice(0, 8)}`
    : 'hi'

function connection(role: 'producer' | 'worker') {
  const url = env.get('REDIS_URL')
  if (url) return { url, maxRetriesPerRequest: role === 'worker' ? null : 1 }
  return {
    connectionString: env.get('QUEUE_DATABASE_URL') ?? env.get('DATABASE_URL'),
    schema: 'bullmq',
    migrate: false,
    max: 3,
  }
}

/** BullMQ's classes, loaded when first needed, on the engine that this installation chose. */
async function bullmq() {
  const library = await import('bullmq')
  if (queueBackend() === 'postgres') {
    library.setDefaultBackendFactory(library.createPostgresBackend as never)
  }
  return library
}

const optionsFor = (role: 'producer' | 'worker') =>
  ({ connection: connection(role), prefix: prefix() }) as unknown as QueueOptions

const complain = (queue: string) => (error: Error) =>
  logger.warn({ err: error, queue }, 'the queue cannot be reached')

/** A queue to put tickets into; opened once a process and closed with it. */
export async function queueOf(name: QueueName): Promise<Queue> {
  const known = open.get(name)
  if (known) return known
  if (isEnding) throw new E_QUEUE_CLOSED()
  if (open.size === 0) app.terminating(closeQueues)
  const opening = bullmq().then(({ Queue: Bull }) => {
    const queue = new Bull(name, optionsFor('producer'))
    queue.on('error', complain(name))
    return queue
  })
  open.set(name, opening)
  return opening
}

/** A consumer of a queue. Whoever starts it closes it. */
export async function consume(
  name: QueueName,
  processor: (job: Job) => Promise<unknown>,
  concurrency: number
): Promise<Worker> {
  const { Worker: Bull } = await bullmq()
  const worker = new Bull(name, processor, { ...optionsFor('worker'), concurrency } as never)
  worker.on('error', complain(name))
  await worker.waitUntilReady()
  return worker
}

async function closeQueues() {
  isEnding = true
  const queues = await Promise.allSettled(open.values())
  open.clear()
  await Promise.allSettled(queues.map((one) => one.status === 'fulfilled' && one.value.close()))
}

/**
 * Tells the workers that a run waits. Answers false when the queue cannot be reached: the run is in
 * the database and the sweeper finds it there.
 */
export async function wake(ticket: Ticket, { attempts = 0, delayMs = 0 } = {}): Promise<boolean> {
  const options = {
    jobId: `${ticket.runId}-${attempts}`,
    delay: delayMs,
    removeOnComplete: true,
    removeOnFail: true,
  }
  try {
    const queue = await queueOf(QUEUES.jobs)
    await withinTime(queue.add('run', ticket, options))
    return true
  } catch (error) {
    logger.warn({ err: error, ...ticket }, 'the queue took no ticket; the sweeper will')
    return false
  }
}

/** Gives up on a queue that does not answer. */
export async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new E_QUEUE_SILENT()), WAKE_TIMEOUT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
