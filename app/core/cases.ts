/**
 * How near an actual value has to come.
 * - `'exact'`: equal.
 * - `{ abs, rel }`, either or both: |actual - expected| <= max(abs, rel * |expected|). A relative
 *   band around 0 is empty, so there the actual has to be a numerical zero: min(rel, 1e-9).
 * - `{ monte_carlo_rel }`: read as rel.
 * - `{ in_units_of_<key>: x }`: abs = x times the expected value at the same place of `<key>`.
 * - `{ <key>: tolerance, … }`: by key of expected, at any depth; `profit` also governs
 *   `profit_usd`. Keys it leaves out must be equal when whole, else as near as the widest rel it
 *   names (its widest abs when it names no rel).
 * - a sentence such as `'auc >= 0.99'` for the whole case: the actual's `auc` must satisfy it; for
 *   any other sentence the handler judges by itself and answers `ok: true`. A sentence for a key:
 *   the actual must hold that key, with any value but null, NaN and false.
 */
export type Tolerance = string | { [key: string]: number | Tolerance }

export interface ReferenceCase {
  id: string
  kind: string
  inputs: unknown
  expected: Record<string, unknown>
  tol: Tolerance
}

/** Answers a case from its inputs alone, with the keys of its `expected`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type CaseHandler = (inputs: any) => Record<string, unknown>

export interface Mismatch {
  path: string
  expected: unknown
  actual: unknown
}

export interface FailedCase {
  id: string
  kind: string
  error?: string
  mismatches: Mismatch[]
}

export interface CasesReport {
  passed: number
  failed: FailedCase[]
  /** Kinds nobody answers; their cases are neither passed nor failed. */
  unsupported: string[]
}

/** Keys of `expected` that speak to the reader and hold no result. */
const DOCUMENTARY = new Set(['lesson', 'note', 'notes', 'comment'])
const NUMERIC_ZERO = 1e-9
const INTEGER = /^-?\d+$/

/**
 * Runs reference cases against the handlers of their kinds. Every key of `expected` must be
 * matched at any depth; more keys in the answer do no harm, in an array they do. Whole numbers
 * match as number, bigint or decimal text. NaN matches nothing, null only null. A handler that
 * throws has failed the case.
 */
export function verifyCases(
  cases: ReferenceCase[],
  handlers: Record<string, CaseHandler>
): CasesReport {
  const failed: FailedCase[] = []
  const unsupported = new Set<string>()
  let passed = 0
  for (const reference of cases) {
    const handler = Object.hasOwn(handlers, reference.kind) ? handlers[reference.kind] : undefined
    if (handler === undefined) {
      unsupported.add(reference.kind)
      continue
    }
    const failure = runCase(reference, handler)
    if (failure === null) passed += 1
    else failed.push(failure)
  }
  return { passed, failed, unsupported: [...unsupported] }
}

function runCase(reference: ReferenceCase, handler: CaseHandler): FailedCase | null {
  const { id, kind, inputs, expected, tol } = reference
  try {
    const actual = handler(structuredClone(inputs))
    const mismatches = isSentence(tol)
      ? compareSentence(tol, actual)
      : compare({ path: '', expected, actual, tol, widest: widestOf(tol) })
    return mismatches.length === 0 ? null : { id, kind, mismatches }
  } catch (error) {
    return {
      id,
      kind,
      error: error instanceof Error ? error.message : String(error),
      mismatches: [],
    }
  }
}

interface Comparison extends Mismatch {
  tol: Tolerance
  /** For keys that a map of tolerances leaves out. */
  widest: Tolerance
}

function compare(here: Comparison): Mismatch[] {
  const { path, expected, actual } = here
  if (Array.isArray(expected)) return compareArrays(here, expected)
  if (isObject(expected)) return compareObjects(here, expected)
  return matchesLeaf(here) ? [] : [{ path, expected, actual }]
}

function compareArrays(here: Comparison, expected: unknown[]): Mismatch[] {
  const { path, actual } = here
  if (!Array.isArray(actual)) return [{ path, expected, actual }]
  if (actual.length !== expected.length) {
    return [{ path: join(path, 'length'), expected: expected.length, actual: actual.length }]
  }
  return expected.flatMap((value, i) =>
    compare({
      ...here,
      path: join(path, String(i)),
      expected: value,
      actual: actual[i],
      tol: itemTolerance(here.tol, i),
    })
  )
}

function compareObjects(here: Comparison, expected: Record<string, unknown>): Mismatch[] {
  const { path, actual } = here
  if (!isObject(actual)) return [{ path, expected, actual }]
  return Object.entries(expected).flatMap(([key, value]) => {
    if (DOCUMENTARY.has(key)) return []
    const at = join(path, key)
    if (!Object.hasOwn(actual, key)) return [{ path: at, expected: value, actual: undefined }]
    const tol = resolveUnits(toleranceOf(key, here.tol), expected)
    if (isSentence(tol)) {
      const isHeld =
        ![null, undefined, false].includes(actual[key] as null) && !isNaNValue(actual[key])
      return isHeld ? [] : [{ path: at, expected: tol, actual: actual[key] }]
    }
    return compare({ ...here, path: at, expected: value, actual: actual[key], tol })
  })
}

function matchesLeaf({ expected, actual, tol, widest }: Comparison): boolean {
  if (isNaNValue(expected) || isNaNValue(actual)) return false
  const [e, a] = [wholeOf(expected), wholeOf(actual)]
  if (e !== null && e === a) return true
  if (tol === 'exact' || !isNumber(expected, e) || !isNumber(actual, a)) return expected === actual
  if (isScalar(tol)) return isWithin(Number(expected), Number(actual), tol)
  return e === null && isWithin(Number(expected), Number(actual), widest)
}

function isWithin(expected: number, actual: number, tol: Tolerance): boolean {
  if (!isScalar(tol) || !Number.isFinite(actual)) return false
  const rel = Number(tol.rel ?? tol.monte_carlo_rel ?? 0)
  const abs = Number(tol.abs ?? 0)
  const relBand = expected === 0 ? Math.min(rel, NUMERIC_ZERO) : rel * Math.abs(expected)
  return Math.abs(actual - expected) <= Math.max(abs, relBand)
}

/** Own key first, then the longest name that the key begins with; else the map goes further down. */
function toleranceOf(key: string, tol: Tolerance): Tolerance {
  if (typeof tol === 'string' || isScalar(tol)) return tol
  const name = Object.keys(tol)
    .filter((candidate) => key === candidate || key.startsWith(`${candidate}_`))
    .sort((a, b) => b.length - a.length)[0]
  return name === undefined ? tol : (tol[name] as Tolerance)
}

/** Turns `in_units_of_<key>` into `{ abs }`, or `{ abs: [...] }` for an array of units. */
function resolveUnits(tol: Tolerance, siblings: Record<string, unknown>): Tolerance {
  if (typeof tol === 'string') return tol
  const name = Object.keys(tol).find((key) => key.startsWith('in_units_of_'))
  if (name === undefined) return tol
  const units = siblings[name.slice('in_units_of_'.length)]
  const scaled = [units].flat().map((unit) => Number(tol[name]) * Number(unit))
  return Array.isArray(units) ? { abs: scaled as unknown as number } : { abs: scaled[0]! }
}

function itemTolerance(tol: Tolerance, i: number): Tolerance {
  if (typeof tol === 'string' || !Array.isArray(tol.abs)) return tol
  return { abs: tol.abs[i] as number }
}

function compareSentence(sentence: string, actual: Record<string, unknown>): Mismatch[] {
  const [, name, sign, limit] = /^(\w+)\s*(>=|<=)\s*(-?[\d.]+)$/.exec(sentence) ?? []
  if (name === undefined) {
    return actual.ok === true ? [] : [{ path: 'ok', expected: sentence, actual: actual.ok }]
  }
  const value = actual[name]
  const isMet =
    typeof value === 'number' && (sign === '>=' ? value >= Number(limit) : value <= Number(limit))
  return isMet ? [] : [{ path: name, expected: sentence, actual: value }]
}

function widestOf(tol: Tolerance): Tolerance {
  const named = typeof tol === 'string' ? [] : Object.values(tol).filter(isScalar)
  const widest = (key: string) => Math.max(...named.map((one) => Number(one[key] ?? 0)), 0)
  return widest('rel') > 0 ? { rel: widest('rel') } : { abs: widest('abs') }
}

function isScalar(tol: unknown): tol is Record<string, number> {
  return isObject(tol) && ('abs' in tol || 'rel' in tol || 'monte_carlo_rel' in tol)
}

function isSentence(tol: Tolerance): tol is string {
  return typeof tol === 'string' && tol !== 'exact'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown, whole: bigint | null): boolean {
  return typeof value === 'number' || whole !== null
}

function isNaNValue(value: unknown): boolean {
  return typeof value === 'number' && Number.isNaN(value)
}

/** The whole number that a number, bigint or decimal text stands for; null for all else. */
function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : null
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : null
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
