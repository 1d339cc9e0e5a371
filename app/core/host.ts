import assert from 'node:assert/strict'
import type { Via, Who } from '#core/current'
import type { JobDefinition } from '#core/jobs'
import type { LiveNews } from '#core/live'
import type { OutsideAnswer, OutsideRequest } from '#core/outside'

/** What the core's API needs of the application around it. Plugins never call it themselves. */
export interface Host {
  /** Everybody and nobody: public pages, no tenant. */
  guest(): Promise<Who>
  /** The portal itself, acting in a tenant. */
  systemIn(tenantId: string, via: Via): Promise<Who>
  tenantJob(name: string): Promise<JobDefinition>
  checkPayload(job: JobDefinition, payload: unknown): Promise<unknown>
  /** Tells a worker that a run is waiting. */
  wake(ticket: { tenantId: string; runId: string }): Promise<unknown>
  askOutside(request: OutsideRequest): Promise<OutsideAnswer>
  /** The folder of what the installation keeps outside the database: keys, files. */
  home(): string
  /** Pages that look hear of it. */
  tellLive(news: LiveNews): void | Promise<void>
  /** Work after the answer was given; a failure is logged. */
  inBackground(name: string, task: () => Promise<unknown>): void
}

let host: Host | undefined

/** Called once when the application boots, so that app/core imports nothing of it. */
export function provideHost(given: Host) {
  host = given
}

/** The application around the core. */
export function theHost(): Host {
  assert(host, 'the application has not booted: providers/host_provider.ts gives the core its host')
  return host
}
