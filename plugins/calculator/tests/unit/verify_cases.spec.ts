import { test } from '@japa/runner'
import { verifyCases, type Tolerance } from '#core/cases'

function check(expected: Record<string, unknown>, actual: unknown, tol: Tolerance = 'exact') {
  const reference = { id: 'one', kind: 'a.kind', inputs: {}, expected, tol }
  return verifyCases([reference], { 'a.kind': () => actual as Record<string, unknown> })
}

const pathsOf = (report: ReturnType<typeof check>) =>
  report.failed.flatMap((failure) => failure.mismatches.map((mismatch) => mismatch.path))

const ACCEPTED = [
  { what: 'equal values', expected: { a: 1, b: 'x', c: null, d: true } },
  { what: 'more keys in the answer', expected: { a: 1 }, actual: { a: 1, z: 2 } },
  {
    what: 'text for bigint',
    expected: { a: '9007199254740993' },
    actual: { a: 2n ** 53n + 1n },
  },
  { what: 'a number for text', expected: { a: '5000000000' }, actual: { a: 5e9 } },
  { what: 'bigint for a number', expected: { a: 625 }, actual: { a: 625n } },
  { what: 'text for a number', expected: { a: 625 }, actual: { a: '625' } },
  { what: 'within abs', expected: { a: 1 }, actual: { a: 1.009 }, tol: { abs: 0.01 } },
  { what: 'within rel', expected: { a: [1e6] }, actual: { a: [1e6 + 9] }, tol: { rel: 1e-5 } },
  {
    what: 'the wider of both',
    expected: { a: 0 },
    actual: { a: 0.01 },
    tol: { rel: 1, abs: 0.02 },
  },
  { what: 'numerical zero', expected: { a: 0 }, actual: { a: 1e-10 }, tol: { rel: 1e-9 } },
  {
    what: 'a tiny value by rel',
    expected: { a: 3e-110 },
    actual: { a: 3e-110 },
    tol: { rel: 1e-9 },
  },
  {
    what: 'monte carlo',
    expected: { a: 100 },
    actual: { a: 104 },
    tol: { monte_carlo_rel: 0.05 },
  },
  {
    what: 'the tolerance of a key, deeper and by prefix',
    expected: { n: 52, metrics: { naive: { mae: 100 }, profit_usd: 10 } },
    actual: { n: 52, metrics: { naive: { mae: 101 }, profit_usd: 10.4 } },
    tol: { naive: { rel: 0.02 }, profit: { abs: 0.5 } },
  },
  {
    what: 'the widest rel for keys without a name',
    expected: { se: { ar1: 0.1 }, coef: { ar1: 1 } },
    actual: { se: { ar1: 0.1015 }, coef: { ar1: 1.009 } },
    tol: { coef: { abs: 0.01 }, other: { rel: 0.02 } },
  },
  {
    what: 'units of another key',
    expected: { forecast: [10, 20], forecast_se: [1, 100] },
    actual: { forecast: [10.01, 21.9], forecast_se: [1, 100] },
    tol: { forecast: { in_units_of_forecast_se: 0.02 }, forecast_se: { rel: 0.02 } },
  },
  {
    what: 'a sentence',
    expected: { sklearn_auc: 1 },
    actual: { auc: 0.995 },
    tol: 'auc >= 0.99',
  },
  {
    what: 'a judged sentence',
    expected: { x: 1 },
    actual: { ok: true },
    tol: 'TP = first alarm',
  },
  {
    what: 'a sentence for a key',
    expected: { load_mw: [1], profit: 5 },
    actual: { load_mw: [3], profit: 5 },
    tol: { load: 'not unique', profit: { rel: 1e-4 } },
  },
  { what: 'a lesson for the reader', expected: { a: 1, lesson: 'do not' }, actual: { a: 1 } },
] as { what: string; expected: Record<string, unknown>; actual?: unknown; tol?: Tolerance }[]

const REFUSED = [
  {
    what: 'another value',
    expected: { a: { b: [1, 2] } },
    actual: { a: { b: [1, 3] } },
    path: 'a.b.1',
  },
  { what: 'a missing key', expected: { a: { b: 1 } }, actual: { a: {} }, path: 'a.b' },
  {
    what: 'a key that is only inherited',
    expected: { toString: 1 },
    actual: {},
    path: 'toString',
  },
  { what: 'a shorter list', expected: { a: [1, 2] }, actual: { a: [1] }, path: 'a.length' },
  { what: 'a longer list', expected: { a: [1] }, actual: { a: [1, 2] }, path: 'a.length' },
  { what: 'a list for an object', expected: { a: { b: 1 } }, actual: { a: [1] }, path: 'a' },
  { what: 'NaN', expected: { a: Number.NaN }, actual: { a: Number.NaN }, path: 'a' },
  {
    what: 'NaN in a band',
    expected: { a: 1 },
    actual: { a: Number.NaN },
    tol: { abs: 9 },
    path: 'a',
  },
  { what: 'infinity', expected: { a: 1 }, actual: { a: Infinity }, tol: { rel: 9 }, path: 'a' },
  {
    what: 'zero for null',
    expected: { a: null },
    actual: { a: 0 },
    tol: { abs: 1 },
    path: 'a',
  },
  {
    what: 'null for zero',
    expected: { a: 0 },
    actual: { a: null },
    tol: { abs: 1 },
    path: 'a',
  },
  { what: 'undefined for null', expected: { a: null }, actual: { a: undefined }, path: 'a' },
  { what: 'true for 1', expected: { a: 1 }, actual: { a: true }, tol: { abs: 1 }, path: 'a' },
  {
    what: 'an empty text for 0',
    expected: { a: 0 },
    actual: { a: '' },
    tol: { abs: 1 },
    path: 'a',
  },
  {
    what: 'a big integer that a double would blur',
    expected: { a: '9007199254740993' },
    actual: { a: 9007199254740992n },
    path: 'a',
  },
  { what: 'a rounding under exact', expected: { a: 0.3 }, actual: { a: 0.1 + 0.2 }, path: 'a' },
  {
    what: 'outside rel',
    expected: { a: 100 },
    actual: { a: 102 },
    tol: { rel: 0.01 },
    path: 'a',
  },
  {
    what: 'a small value for 0',
    expected: { a: 0 },
    actual: { a: 0.01 },
    tol: { rel: 0.02 },
    path: 'a',
  },
  {
    what: 'a count without a named tolerance',
    expected: { n: 52, mae: 1 },
    actual: { n: 53, mae: 1 },
    tol: { mae: { rel: 0.1 } },
    path: 'n',
  },
  {
    what: 'outside the units of another key',
    expected: { forecast: [10, 20], forecast_se: [1, 100] },
    actual: { forecast: [10.03, 20], forecast_se: [1, 100] },
    tol: { forecast: { in_units_of_forecast_se: 0.02 }, forecast_se: { rel: 0.02 } },
    path: 'forecast.0',
  },
  {
    what: 'a sentence that is not met',
    expected: {},
    actual: { auc: 0.9 },
    tol: 'auc >= 0.99',
    path: 'auc',
  },
  { what: 'a sentence nobody judged', expected: {}, actual: {}, tol: 'by hand', path: 'ok' },
  { what: 'no answer at all', expected: { a: 1 }, actual: undefined, path: '' },
] as {
  what: string
  expected: Record<string, unknown>
  actual: unknown
  tol?: Tolerance
  path: string
}[]

test.group('verifyCases | accept', () => {
  test('{what}')
    .with(ACCEPTED)
    .run(({ assert }, { expected, actual, tol }) => {
      assert.deepEqual(check(expected, actual ?? expected, tol), {
        passed: 1,
        failed: [],
        unsupported: [],
      })
    })
})

test.group('verifyCases | refuse', () => {
  test('{what}')
    .with(REFUSED)
    .run(({ assert }, { expected, actual, tol, path }) => {
      const report = check(expected, actual, tol)
      assert.equal(report.passed, 0)
      assert.deepEqual(pathsOf(report), [path])
    })

  test('report what was expected and what came', ({ assert }) => {
    const [failure] = check({ a: 1 }, { a: 2 }).failed
    assert.deepEqual(failure, {
      id: 'one',
      kind: 'a.kind',
      mismatches: [{ path: 'a', expected: 1, actual: 2 }],
    })
  })

  test('report the error of a handler and go on', ({ assert }) => {
    const one = { id: 'one', kind: 'bad', inputs: {}, expected: { a: 1 }, tol: 'exact' }
    const report = verifyCases([one, { ...one, id: 'two', kind: 'good' }], {
      bad: () => {
        throw new RangeError('no such thing')
      },
      good: () => ({ a: 1 }),
    })
    assert.equal(report.passed, 1)
    assert.deepEqual(report.failed, [
      { id: 'one', kind: 'bad', error: 'no such thing', mismatches: [] },
    ])
  })

  test('name each unsupported kind once, without counting its cases', ({ assert }) => {
    const one = { id: 'one', kind: 'toString', inputs: {}, expected: {}, tol: 'exact' }
    const report = verifyCases([one, one], {})
    assert.deepEqual(report, { passed: 0, failed: [], unsupported: ['toString'] })
  })

  test('keep the inputs of a case from being changed by its handler', ({ assert }) => {
    const one = { id: 'one', kind: 'k', inputs: { list: [2, 1] }, expected: {}, tol: 'exact' }
    verifyCases([one], { k: ({ list }) => ({ sorted: list.sort() }) })
    assert.deepEqual(one.inputs.list, [2, 1])
  })
})
