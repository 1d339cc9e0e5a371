import type { BatchAnswer } from '../../protocol/messages.js'
import type { Answer } from './client.js'

/** What an answer means for what was sent. */
export type Verdict =
  | { type: 'taken'; body: Record<string, unknown> }
  | { type: 'too_large' }
  | { type: 'unreadable'; reason: string }
  | { type: 'conflict' }
  /** This collector is unknown or was taken out. */
  | { type: 'refused'; reason: string }
  | { type: 'later'; reason: string; retryAfterMs: number | null }

/** What an answer of the portal means. Whatever is not known is a reason to try again later. */
export function judge(answer: Answer): Verdict {
  const { status, body } = answer
  if (status >= 200 && status <= 299 && body) return { type: 'taken', body }
  const reason = reasonOf(answer)
  if (isRefusal(answer)) return { type: 'refused', reason }
  switch (status) {
    case 409:
      return { type: 'conflict' }
    case 413:
      return { type: 'too_large' }
    case 422:
      return { type: 'unreadable', reason: String(body?.detail ?? reason) }
    default:
      return { type: 'later', reason, retryAfterMs: answer.retryAfterMs }
  }
}

/** A clock that is off even after the portal told its own says nothing about us. */
const isRefusal = ({ status, code }: Answer) =>
  status === 401 || (status === 403 && code !== 'E_CLOCK_SKEW')

const reasonOf = ({ status, code }: Answer) => (code ? `${status} ${code}` : String(status))

/** The answer to a batch; null when it is none of ours: a proxy may say 200 as well. */
export function batchAnswer(body: Record<string, unknown>): BatchAnswer | null {
  const { ackSeq, quarantined } = body
  if (!Number.isSafeInteger(ackSeq) || (ackSeq as number) < 0) return null
  return {
    ackSeq: ackSeq as number,
    quarantined: Array.isArray(quarantined) ? (quarantined as BatchAnswer['quarantined']) : [],
  }
}
