import { type Check, list, object, oneOf, text } from './check.js'

export const NOTICE_KINDS = ['config', 'storage', 'reading', 'confinement'] as const

/** Something at the collector itself that a person should know. */
export interface Notice {
  kind: (typeof NOTICE_KINDS)[number]
  detail: string
}

export const checkNotices: Check = list(
  object({ kind: oneOf(NOTICE_KINDS), detail: text(300) }),
  20
)
