/** Five minutes, the step of the middle layer. */
export const BUCKET_S = 300
export const BUCKET_MS = BUCKET_S * 1000

/** The beginning of the five minutes that a moment lies in; milliseconds since 1970. */
export const bucketOf = (at: number) => at - (at % BUCKET_MS)

/** Between samples further apart than this nothing is assumed: three polls, or two minutes. */
export const maxGapS = (pollSeconds: number) => Math.max(120, 3 * pollSeconds)
