import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import app from '@adonisjs/core/services/app'
import { defineError } from '#core/errors'
import type { InstallationJobDefinition, JobDefinition } from '#core/jobs'
import vine from '@vinejs/vine'
import { installed } from '#services/registry'

/** There is no job of this name in the folder of its plugin. */
export const E_JOB_UNKNOWN = defineError<[name: string]>(
  'There is no job "%s"',
  'E_JOB_UNKNOWN',
  500
)

// A run knows its own payload type; the catalogue holds all of them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyJob = JobDefinition<any> | InstallationJobDefinition

const NAME = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/
const FILE = /^([a-z][a-z0-9_]*)_job\.(?:ts|js)$/
const added = new Map<string, AnyJob>()

/** Adds a job that is in no folder; tests do. Returns how to take it away again. */
export function registerJob(name: string, job: AnyJob) {
  added.set(name, job)
  return () => void added.delete(name)
}

const folderOf = (plugin: string) =>
  app.makePath(plugin === 'core' ? 'app/jobs' : `plugins/${plugin}/jobs`)

/** The job of this name, loaded from the folder of its plugin when first needed. */
export async function jobNamed(name: string): Promise<AnyJob> {
  const known = added.get(name)
  if (known) return known
  const [, plugin, file] = NAME.exec(name) ?? []
  if (!plugin || !installed.some((one) => one.name === plugin)) throw new E_JOB_UNKNOWN([name])
  const path = ['ts', 'js']
    .map((extension) => join(folderOf(plugin), `${file}_job.${extension}`))
    .find((candidate) => existsSync(candidate))
  if (!path) throw new E_JOB_UNKNOWN([name])
  const loaded = (await import(pathToFileURL(path).href)) as { default: AnyJob }
  return loaded.default
}

/** The job of this name that runs for a tenant. */
export async function tenantJob(name: string): Promise<JobDefinition> {
  const job = await jobNamed(name)
  if (job.scope !== 'tenant') throw new E_JOB_UNKNOWN([name])
  return job
}

/** What the job gets: the payload as its schema says, or a refusal that names the fields. */
export const checkPayload = (job: JobDefinition, payload: unknown) =>
  vine.create(job.payload).validate(payload)

/** Names of all jobs that are there, for lists and filters. */
export function jobNames(): string[] {
  const found = installed.flatMap(({ name }) => {
    const folder = folderOf(name)
    if (!existsSync(folder)) return []
    return readdirSync(folder).flatMap((file) => {
      const [, job] = FILE.exec(file) ?? []
      return job ? [`${name}.${job}`] : []
    })
  })
  return [...new Set([...found, ...added.keys()])].sort()
}
