import type { Probe } from '../drivers/contract.js'
import type { JsonObject } from '../wire/contract.js'

/**
 * How much a mark is worth. Third-party firmware calls itself by the name of the hardware as well,
 * so its own name wins; a page is a hint that a question must confirm.
 */
export const SCORES = {
  thirdPartyApi: 100,
  thirdPartyPage: 90,
  stockApi: 80,
  stockPage: 40,
  genericApi: 10,
} as const

const LONGEST = 65_536

/** The answer of the mining API in capitals, names of keys included; empty without one. */
export const versionMarks = (probe: Probe): string => toMarks(probe.rpcVersion)

/** The same of `devdetails`. */
export const devdetailsMarks = (probe: Probe): string => toMarks(probe.rpcDevdetails)

/** Both together. */
export const apiMarks = (probe: Probe): string => versionMarks(probe) + devdetailsMarks(probe)

/** The beginning of the page at `/`. */
export const pageText = (probe: Probe): string => probe.httpRoot?.text.slice(0, LONGEST) ?? ''

/** The challenge of a 401, empty without one. */
export const challengeOf = (probe: Probe): string => headerOf(probe, 'www-authenticate')

/** A header of the answer to `/`, whatever its case; empty when it is not there. */
export const headerOf = (probe: Probe, name: string): string =>
  Object.entries(probe.httpRoot?.headers ?? {}).find(
    ([key]) => key.toLowerCase() === name.toLowerCase()
  )?.[1] ?? ''

const toMarks = (answer: JsonObject | null): string =>
  answer === null ? '' : JSON.stringify(answer).slice(0, LONGEST).toUpperCase()
