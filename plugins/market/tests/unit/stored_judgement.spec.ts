import { test } from '@japa/runner'
import { worstQuality } from '../../domain/quality.js'
import { rangeOf, RANGES, since } from '../../domain/ranges.js'
import { isOld } from '../../domain/staleness.js'

const NOW = new Date('2026-11-25T12:00:00Z')

test.group('Judging what is stored', () => {
  test('what is computed is as good as its worst part', ({ assert }) => {
    assert.equal(worstQuality(['agreed', 'imported']), 'imported')
    assert.equal(worstQuality(['imported', 'single']), 'single')
    assert.equal(worstQuality(['disputed', 'agreed']), 'disputed')
    assert.equal(worstQuality(['agreed']), 'agreed')
  })

  test('a live price is old after minutes, an imported one after a day and a half', ({
    assert,
  }) => {
    const price = (quality: string, at: string) => isOld({ series: 'price_usd', quality, at }, NOW)
    assert.isFalse(price('agreed', '2026-11-25T11:51:00Z'))
    assert.isTrue(price('agreed', '2026-11-25T11:49:00Z'))
    assert.isFalse(price('imported', '2026-11-24T00:01:00Z'))
    assert.isTrue(price('imported', '2026-11-23T23:59:00Z'))
  })

  test('no range has more steps than a chart can show', ({ assert }) => {
    const decade = 18 * 365
    for (const { days, stepS } of RANGES) {
      assert.isAtMost(((days ?? decade) * 86_400) / stepS, 850)
    }
    assert.isNull(rangeOf('banana'))
    assert.deepEqual(since(rangeOf('7d')!, NOW), new Date('2026-11-18T12:00:00Z'))
    assert.deepEqual(since(rangeOf('all')!, NOW), new Date(0))
  })
})
