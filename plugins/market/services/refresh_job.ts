import { setTimeout as pause } from 'node:timers/promises'
import { defineInstallationJob } from '#core/jobs'
import { DATUM_RULES, type Datum } from '../domain/data.js'
import { refreshDatum } from './refresh_datum.js'

const JITTER_SHARE = 0.1
const LONGEST_JITTER_MS = 3_000

/** Installations all over the world must not ask a provider at the same second. */
const jitterMs = ({ everyMs }: { everyMs: number }) =>
  Math.random() * Math.min(everyMs * JITTER_SHARE, LONGEST_JITTER_MS)

/** The job that brings one datum up to date. Its result is what became of each feed. */
export const refreshJob = (datum: Datum) =>
  defineInstallationJob({
    async run() {
      await pause(jitterMs(DATUM_RULES[datum]))
      return refreshDatum(datum)
    },
  })
