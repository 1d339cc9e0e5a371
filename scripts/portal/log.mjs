/** Messages of the bootstrap. Commands whose output is read by programs keep stdout for it. */
const OWN_STDOUT = new Set(['ace', 'bench', 'prove'])
const startedAt = Number((process.env.HI_STARTED_AT ??= String(Date.now())))
let stream = process.stdout

export function logFor(command) {
  stream = OWN_STDOUT.has(command) ? process.stderr : process.stdout
  // A closed terminal or `| head` must not end the supervisor with a stack trace.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => {})
}

export const elapsed = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
export const say = (message) => stream.write(`[hashinsight ${elapsed()}] ${message}\n`)
export const print = (text = '') => stream.write(`${text}\n`)
export const complain = (message) => process.stderr.write(`[hashinsight] ${message}\n`)

/** Where the output of helper steps goes: beside our own messages. */
export const stepOutput = () => (stream === process.stderr ? 2 : 1)

/** Rows of equal keys as an aligned table. */
export function table(rows) {
  const keys = Object.keys(rows[0] ?? {})
  const width = keys.map((key) =>
    Math.max(...rows.map((row) => String(row[key]).length), key.length)
  )
  const line = (cells) => `  ${cells.map((cell, i) => String(cell).padEnd(width[i])).join('   ')}`
  const body = rows.map((row) => line(keys.map((key) => row[key])).trimEnd())
  return [line(keys).trimEnd(), line(width.map((n) => '-'.repeat(n))), ...body].join('\n')
}
