/** Which of several figures is the better one; null where neither is. */
export type Better = 'high' | 'low' | null

/**
 * Whether each value is the best of its row. A missing value never is; where all present values are
 * equal, or only one is there, nothing stands out. Equals share the first place.
 */
export function bestOf(values: readonly (number | null)[], better: Better): boolean[] {
  const present = values.filter((value) => value !== null)
  const isDecided = better !== null && new Set(present).size > 1
  if (!isDecided) return values.map(() => false)
  const best = better === 'high' ? Math.max(...present) : Math.min(...present)
  return values.map((value) => value === best)
}

/** Whether the values of a row are not all the same; a missing one differs from a present one. */
export const differ = (values: readonly (number | string | null)[]) => new Set(values).size > 1
