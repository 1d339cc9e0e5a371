import type { Capability } from '../../../protocol/record.js'
import { textAt } from '../../values/json.js'
import type { HttpRequest, Json, Wire } from '../../wire/contract.js'
import { parseJson } from '../../wire/json_repair.js'
import { refuse, refusePassword, type Send } from '../attempt.js'
import type { Driver } from '../contract.js'
import { dig } from './dig.js'

/** Configuration pages restart processes before they answer. */
export const WRITE_MS = 30_000

/**
 * Sends a request that changes the miner, once, and gives what it answered; null for an answer
 * without JSON, which for many is a yes. Anything but 2xx is a no.
 */
export const change = (wire: Wire, send: Send, request: HttpRequest): Promise<Json | null> =>
  send(async () => {
    const { status, text } = await wire.http({ deadlineMs: WRITE_MS, ...request })
    if (status === 401 || status === 403) return refusePassword(`HTTP ${status}`)
    const parsed = text.trim() === '' ? null : parseJson(text.trim())
    const answer = parsed?.kind === 'ok' ? parsed.value : null
    if (status >= 200 && status < 300) return answer
    const reason = textAt(dig(answer), 'error', 'message', 'msg', 'err')
    return refuse(`HTTP ${status}${reason === null ? '' : `: ${reason}`}`)
  })

/** All of it with credentials, nothing without. */
export const withCredentials =
  (...capabilities: Capability[]): Driver['capabilities'] =>
  (_, hasCredentials) =>
    hasCredentials ? [...capabilities] : []

/** Of a driver that only reads. */
export const readOnly: Driver['capabilities'] = () => []
