/**
 * A list as people write it in a form or at the console, for a schema to check entry by entry:
 * `1000:0.05, *:0.04` with the names [upToKwh, usdPerKwh] becomes two records, `*` and an empty
 * place null; without names it becomes the plain entries. What is no text is given back as it is.
 */
export function entriesOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'string') return value
  if (value.trim() === '') return undefined
  return value
    .split(/[,，;；\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => (names.length === 0 ? entry : recordOf(entry, names)))
}

function recordOf(entry: string, names: readonly string[]): Record<string, string | null> {
  const parts = entry.split(/[:：]/).map((part) => part.trim())
  const values = names.map((name, index) => [name, partOf(parts[index])])
  // A part too many must not be lost: it makes the last value one that no schema takes.
  if (parts.length > names.length) values.at(-1)![1] = parts.slice(names.length - 1).join(':')
  return Object.fromEntries(values)
}

const partOf = (part: string | undefined) => (part === undefined || part === '*' ? null : part)
