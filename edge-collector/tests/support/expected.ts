import type { Assert } from '@japa/assert'

const RELATIVE = 1e-6

/**
 * The rule of the fixtures: every key that is listed must match, numbers within 1e-6, null only
 * null, lists in order and complete; keys that are not listed are not checked.
 */
export const assertMatches = (
  assert: Assert,
  actual: unknown,
  expectedNormalized: Record<string, unknown>
) => assert.deepEqual(differences(actual, expectedNormalized, ''), [])

/** One line for each value that does not match. */
export const differences = (actual: unknown, expected: unknown, path: string): string[] => {
  const found = actual as Record<string, unknown> | null | undefined
  if (Array.isArray(expected)) return listDifferences(actual, expected, path)
  if (typeof expected === 'object' && expected !== null) {
    if (typeof found !== 'object' || found === null) return [line(path, actual, expected)]
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(found[key], value, path ? `${path}.${key}` : key)
    )
  }
  return isSame(actual, expected, path) ? [] : [line(path, actual, expected)]
}

const listDifferences = (actual: unknown, expected: unknown[], path: string): string[] => {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    return [line(path, actual, expected)]
  }
  return expected.flatMap((value, index) => differences(actual[index], value, `${path}.${index}`))
}

const isSame = (actual: unknown, expected: unknown, path: string): boolean => {
  if (typeof expected === 'number' && typeof actual === 'number') {
    return Math.abs(actual - expected) <= RELATIVE * Math.max(Math.abs(expected), Math.abs(actual))
  }
  if (path === 'model' && typeof expected === 'string' && typeof actual === 'string') {
    return plain(actual) === plain(expected)
  }
  return Object.is(actual, expected)
}

const plain = (model: string) => model.replace(/[\s_]/g, '').toLowerCase()

const line = (path: string, actual: unknown, expected: unknown) =>
  `${path}: ${JSON.stringify(actual) ?? 'missing'} is not ${JSON.stringify(expected)}`
