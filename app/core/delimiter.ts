/** What separates the cells of a text. */
export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

const SAMPLE_LINES = 20

/** How many cells each of the first lines has, quotes respected. */
function cellCounts(text: string, delimiter: Delimiter): number[] {
  const counts: number[] = []
  let cells = 1
  let isQuoted = false
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === delimiter) cells += 1
    else if (char === '\n') {
      counts.push(cells)
      cells = 1
      if (counts.length === SAMPLE_LINES) return counts
    }
  }
  if (text !== '' && !text.endsWith('\n')) counts.push(cells)
  return counts
}

/**
 * The separator of a text by its first lines: the one that gives most lines the same number of
 * cells, more than one; of equals the one that gives more cells. A comma where nothing tells.
 */
export function delimiterOf(text: string): Delimiter {
  let best: Delimiter = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const counts = cellCounts(text, delimiter)
    const [first = 1] = counts
    if (first < 2) continue
    const alike = counts.filter((count) => count === first).length / counts.length
    const score = alike * 1000 + Math.min(first, 500)
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}
