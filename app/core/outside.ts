import { createError } from '@adonisjs/core/exceptions'
import { theHost } from '#core/host'

/** Why the outside gave no answer; codes, so that pages can say it in words. */
export const OUTSIDE_REASONS = [
  'bad_url',
  'scheme',
  'credentials',
  'host',
  'address',
  'dns',
  'connect',
  'tls',
  'timeout',
  'cut_off',
  'redirect',
  'content_type',
  'encoding',
  'too_large',
] as const
export type OutsideReason = (typeof OUTSIDE_REASONS)[number]

const Refusal = createError<[reason: OutsideReason, host: string]>(
  'The outside gave no answer (%s): %s',
  'E_OUTSIDE',
  502
)

/** The outside was not asked, or gave no answer that may be read. */
export class OutsideRefusal extends Refusal {
  constructor(
    readonly reason: OutsideReason,
    readonly host: string
  ) {
    super([reason, host])
  }
}

/** What may be asked: one URL, of a host that the asker names beforehand. */
export interface OutsideRequest {
  url: string
  /** Hosts that this asker may speak to: `api.example.com`, with `:port` unless it is the usual one. */
  allow: readonly string[]
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Media types that may come back, `application/json`; all unless given. */
  mediaTypes?: readonly string[]
  /** 1 MB unless given. */
  maxBytes?: number
  /** For the whole of it, in ms; 8 s unless given. */
  deadlineMs?: number
}

export interface OutsideAnswer {
  /** Anything but a redirect: what it means is for the asker to say. */
  status: number
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>
  text: string
  /** How long it took. */
  ms: number
}

/**
 * Asks a host outside: https, to public addresses only (but for hosts that the operator named in
 * OUTSIDE_PRIVATE_HOSTS), resolved once, without following redirects, within limits of time and
 * size. Throws OutsideRefusal when there is no answer that may be read.
 */
export const askOutside = (request: OutsideRequest): Promise<OutsideAnswer> =>
  theHost().askOutside(request)
