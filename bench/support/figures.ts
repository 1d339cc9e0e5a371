/** The value below which `share` of the sorted values lie (nearest rank). */
export function percentile(values: readonly number[], share: number) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** A readable table, and as the last line one JSON object with the same figures. */
export function report(title: string, figures: Record<string, number | string>) {
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  process.stdout.write(`${title}\n`)
  for (const [name, value] of Object.entries(figures)) {
    const text = typeof value === 'number' ? value.toLocaleString('en') : value
    process.stdout.write(`  ${name.padEnd(width)}  ${text}\n`)
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}
