import { test } from '@japa/runner'
import { performanceScore, scoreOf } from '../../bench/support/lighthouse_score.js'

test.group('The score of the first page', () => {
  // The published control points: 0.9 at p10 and 0.5 at the median of each curve.
  test('pass through the control points that Lighthouse 10 publishes for phones', ({ assert }) => {
    const good = { fcpMs: 1800, siMs: 3387, lcpMs: 2500, tbtMs: 200, cls: 0.1 }
    const middling = { fcpMs: 3000, siMs: 5800, lcpMs: 4000, tbtMs: 600, cls: 0.25 }
    for (const [name, value] of Object.entries(good)) {
      assert.closeTo(scoreOf(name as keyof typeof good, value), 0.9, 1e-6, name)
    }
    assert.closeTo(performanceScore(good), 90, 1e-4)
    assert.closeTo(performanceScore(middling), 50, 1e-4)
    assert.equal(performanceScore({ fcpMs: 0, siMs: 0, lcpMs: 0, tbtMs: 0, cls: 0 }), 100)
  })
})
