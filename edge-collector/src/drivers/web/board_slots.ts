/** Most machines have three or four boards; an S9 calls them 6, 7 and 8. */
const FIRST_LABELS = ['1', '2', '3', '4']

/**
 * Positions of boards by their labels: "1" is position 0, so that a missing board moves no other.
 * Where labels say nothing of the kind, the order counts.
 */
export const slotsOf = (labels: readonly (string | null)[]): number[] => {
  const isPlain =
    new Set(labels).size === labels.length &&
    labels.every((label) => label !== null && FIRST_LABELS.includes(label))
  return labels.map((label, position) => (isPlain ? Number(label) - 1 : position))
}
