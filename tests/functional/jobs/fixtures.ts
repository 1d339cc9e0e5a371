import { setTimeout as pause } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import vine from '@vinejs/vine'
import { defineJob, type JobHandle } from '#core/jobs'
import { registerJob } from '#services/jobs_catalog'
import { openWorker, type RunningWorker } from '#services/worker'

/** Asks until the answer is truthy; fails loudly when the deadline passes. */
export async function until<T>(ask: () => Promise<T> | T, what: string, deadlineMs = 15_000) {
  const end = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer as NonNullable<T>
    if (Date.now() > end) throw new Error(`never happened within ${deadlineMs} ms: ${what}`)
    await pause(25)
  }
}

export const runRow = (id: string) =>
  db.connection('login').from('job_runs').where('id', id).firstOrFail()

export const untilState = (id: string, state: string, deadlineMs?: number) =>
  until(
    async () => {
      const row = await runRow(id)
      return row.state === state ? row : null
    },
    `run ${id} is ${state}`,
    deadlineMs
  )

type Run = (payload: { word?: string }, job: JobHandle) => Promise<unknown>

/** A job with any payload of one word, under a name of its own; taken away by the returned function. */
export function addJob(name: string, run: Run, options: { maxAttempts?: number } = {}) {
  const payload = vine.object({ word: vine.string().maxLength(40).optional() })
  return registerJob(name, defineJob({ payload, backoffMs: 20, ...options, run }))
}

/** Workers that end with the test. */
export async function startTestWorker(
  test: { cleanup(fn: () => Promise<void>): void },
  options: Parameters<typeof openWorker>[0] = {}
): Promise<RunningWorker> {
  const worker = await openWorker({ schedules: [], ...options })
  test.cleanup(() => worker.stop())
  return worker
}
