import { test } from '@japa/runner'
import fc from 'fast-check'
import { fQuantile, waitBand } from '../../domain/wait_band.js'

const close = (actual: number, expected: number, relative: number) =>
  Math.abs(actual / expected - 1) <= relative

test.group('How long the blocks to come will take', () => {
  test('follows the F distribution of the printed tables')
    .with([
      // NIST/SEMATECH e-Handbook 1.3.6.7.3, upper critical values.
      { p: 0.95, d1: 10, d2: 10, value: 2.978 },
      { p: 0.95, d1: 5, d2: 20, value: 2.711 },
      { p: 0.99, d1: 10, d2: 10, value: 4.849 },
      { p: 0.9, d1: 20, d2: 10, value: 2.201 },
    ])
    .run(({ assert }, { p, d1, d2, value }) => {
      assert.approximately(fQuantile(p, d1, d2), value, 0.0006)
    })

  test('is the closed form of one block: n ((1-p)^(-1/n) - 1) mean intervals', ({ assert }) => {
    for (const n of [1, 7, 144, 2015]) {
      for (const p of [0.025, 0.5, 0.975]) {
        const exact = n * ((1 - p) ** (-1 / n) - 1)
        assert.isTrue(close(fQuantile(p, 2, 2 * n), exact, 1e-9), `${n} ${p}`)
      }
    }
  })

  test('turns into its reciprocal when past and future change places', ({ assert }) => {
    const blocks = fc.integer({ min: 1, max: 2015 })
    fc.assert(
      fc.property(blocks, blocks, fc.constantFrom(0.025, 0.2, 0.9), (left, seen, p) => {
        const product = fQuantile(p, 2 * left, 2 * seen) * fQuantile(1 - p, 2 * seen, 2 * left)
        assert.isTrue(close(product, 1, 1e-7), String(product))
      }),
      { numRuns: 100, seed: 20_261_125 }
    )
  })

  test('holds the mean pace and grows with what is not known', ({ assert }) => {
    const band = (blocksSeen: number) =>
      waitBand({ blocksSeen, elapsedS: blocksSeen * 600, blocksLeft: 500, confidence: 0.95 })
    const [few, many] = [band(50), band(1500)]
    for (const { lowS, highS } of [few, many]) {
      assert.isBelow(lowS, 300_000)
      assert.isAbove(highS, 300_000)
    }
    assert.isAbove(few.highS - few.lowS, many.highS - many.lowS)
  })

  test('refuses to guess from nothing', ({ assert }) => {
    const input = { blocksSeen: 0, elapsedS: 600, blocksLeft: 1, confidence: 0.95 }
    assert.throws(() => waitBand(input), /blocksSeen/)
    assert.throws(() => waitBand({ ...input, blocksSeen: 1, elapsedS: 0 }), /elapsedS/)
  })
})
