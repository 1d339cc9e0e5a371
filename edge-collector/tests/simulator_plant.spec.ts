import { test } from '@japa/runner'
import fc from 'fast-check'
import { Plant, type Targets } from '../src/simulator/plant.js'

const targets = (more: Partial<Targets> = {}): Targets => ({
  phase: 'mining',
  hash: 1,
  hashRampMs: 0,
  powerW: 3000,
  powerRampMs: 0,
  excessC: 40,
  rejectedShare: 0.01,
  staleShare: 0,
  errorsPerShare: 0,
  ...more,
})

test.group('Simulator | the plant', () => {
  test('adds up as if it were looked at every moment', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            hash: fc.double({ min: 0, max: 1.2, noNaN: true }),
            hashRampMs: fc.integer({ min: 0, max: 600_000 }),
            powerW: fc.double({ min: 0, max: 5000, noNaN: true }),
            powerRampMs: fc.integer({ min: 0, max: 60_000 }),
            lastsMs: fc.integer({ min: 1, max: 900_000 }),
          }),
          { minLength: 1, maxLength: 6 }
        ),
        (steps) => {
          const plant = new Plant(0, targets(), 1 / 1000)
          let at = 0
          let energyWh = 0
          let shares = 0
          for (const { lastsMs, ...step } of steps) {
            plant.change(at, targets(step))
            // Trapezoids over short pieces, which ramps make inexact only where they end.
            for (let piece = 0; piece < 400; piece++) {
              const [from, to] = [at + (lastsMs * piece) / 400, at + (lastsMs * (piece + 1)) / 400]
              const [a, b] = [plant.values(from), plant.values(to)]
              energyWh += (((a.powerW + b.powerW) / 2) * (to - from)) / 3_600_000
              shares += (((a.hash + b.hash) / 2) * (to - from)) / 1000
            }
            at += lastsMs
          }
          // A ramp may end within a piece: then the trapezoid is wrong by less than all of it.
          const pieceMs = at / 400
          const sums = plant.values(at)
          assert.closeTo(sums.energyWh, energyWh, 1e-6 + (5000 * pieceMs) / 3_600_000)
          assert.closeTo(sums.shares, shares, 1e-6 + (1.2 * pieceMs) / 1000)
          assert.closeTo(sums.rejected, sums.shares * 0.01, 1e-6)
        }
      ),
      { numRuns: 60 }
    )
  })

  test('is as hot at the time it names as it names', ({ assert }) => {
    const plant = new Plant(0, targets({ excessC: 40 }), 0)
    plant.change(1000, targets({ excessC: 80 }))
    const at = plant.whenAt(70)!
    assert.closeTo(plant.values(at).excessC, 70, 0.01)
    assert.isNull(plant.whenAt(81))
  })
})
