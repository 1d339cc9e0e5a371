import type { Notice } from '../../protocol/notices.js'

const LONGEST = 300

/** What is wrong, by kind; null is nothing. */
export const noticesOf = (troubles: Record<Notice['kind'], string | null>): Notice[] =>
  Object.entries(troubles).flatMap(([kind, detail]) =>
    detail === null ? [] : [{ kind: kind as Notice['kind'], detail: detail.slice(0, LONGEST) }]
  )
