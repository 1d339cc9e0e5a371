/** Whole seconds between two moments, never negative: a clock that runs ahead is age 0. */
export const ageSeconds = (at: Date, now: Date) =>
  Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000))
