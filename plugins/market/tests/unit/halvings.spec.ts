import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { dateAfter, eraIntervalsS, halvingCountdown } from '../../domain/halving_estimate.js'
import { PAST_HALVINGS, subsidyAt, subsidySchedule } from '../../domain/halvings.js'
import { sharedFolder } from '#tests/helpers'
import { sharedDataIsAbsent } from '../support/market_rows.js'

const on = (day: string) => new Date(`${day}T00:00:00Z`)

test.group('Halvings', () => {
  test('happened between the first blocks of the epochs around them', ({ assert }) => {
    const file = `${sharedFolder('data')}/difficulty_epochs_0-473.csv`
    const lines = readFileSync(file, 'utf8').split('\n').slice(1)
    const beganAt = new Map(lines.map((line) => [Number(line.split(',')[0]), line.split(',')[6]]))
    for (const { height, at } of PAST_HALVINGS) {
      const epoch = Math.floor(height / 2016)
      const [from, to] = [epoch, epoch + 1].map((number) => Number(beganAt.get(number)))
      assert.isAtLeast(at.getTime() / 1000, from!)
      assert.isBelow(at.getTime() / 1000, to!)
      // Within the epoch the pace is even to some percent: no mistaken day.
      const share = (height - epoch * 2016) / 2016
      const expected = from! + share * (to! - from!)
      assert.isBelow(Math.abs(at.getTime() / 1000 - expected), 86_400)
    }
  }).skip(sharedDataIsAbsent)

  test('halve the subsidy of a date; a known height has the last word', ({ assert }) => {
    assert.equal(subsidyAt(on('2009-01-03'), null), 5_000_000_000n)
    assert.equal(subsidyAt(on('2012-11-28'), null), 5_000_000_000n)
    assert.equal(subsidyAt(on('2012-11-29'), null), 2_500_000_000n)
    assert.equal(subsidyAt(on('2024-04-21'), null), 312_500_000n)
    assert.equal(subsidyAt(on('2024-04-21'), 839_999), 625_000_000n)
    assert.equal(subsidyAt(on('2030-01-01'), 1_050_000), 156_250_000n)
  })

  test('are not guessed: years after the last known one nobody says what a block pays', ({
    assert,
  }) => {
    assert.equal(subsidyAt(on('2027-07-01'), null), 312_500_000n)
    assert.isNull(subsidyAt(on('2028-01-01'), null))
    assert.isNull(subsidyAt(on('2008-12-31'), null))
  })

  test('give the schedule of consensus', ({ assert }) => {
    const eras = subsidySchedule(6)
    assert.deepEqual(
      eras.map(({ firstHeight, subsidySats }) => [firstHeight, subsidySats]),
      [
        [0, 5_000_000_000n],
        [210_000, 2_500_000_000n],
        [420_000, 1_250_000_000n],
        [630_000, 625_000_000n],
        [840_000, 312_500_000n],
        [1_050_000, 156_250_000n],
      ]
    )
    // 210,000 · (50 + 25 + 12.5 + 6.25 + 3.125) BTC
    assert.equal(eras[4]!.supplyAtEndSats, 2_034_375_000_000_000n)
    assert.isNull(eras[5]!.beganAt)
  })

  test('come at the pace since the last one, in a band of the eras so far', ({ assert }) => {
    // 36 days after the fourth at 600 s a block: 5,184 blocks, 204,816 to go.
    const at = new Date('2024-05-26T00:09:27Z')
    const ahead = halvingCountdown(845_184, at)
    assert.equal(ahead.height, 1_050_000)
    assert.equal(ahead.blocksLeft, 204_816)
    assert.equal(ahead.estimate.getTime(), at.getTime() + 204_816 * 600_000)
    assert.deepEqual(ahead.latest, ahead.estimate)
    assert.isBelow(ahead.earliest.getTime(), ahead.estimate.getTime())
    // 2012-11-28 15:24:38 to 2016-07-09 16:46:13 is 1,319 d 1 h 21 min 35 s: 542.7 s a block.
    assert.approximately(Math.min(...eraIntervalsS()), 113_966_495 / 210_000, 1e-9)
  })

  test('always lie inside their band', ({ assert }) => {
    const height = fc.integer({ min: 840_001, max: 1_049_999 })
    const intervalS = fc.integer({ min: 300, max: 1200 })
    fc.assert(
      fc.property(height, intervalS, (seen, pace) => {
        const at = new Date(PAST_HALVINGS[3]!.at.getTime() + (seen - 840_000) * pace * 1000)
        const { estimate, earliest, latest } = dateAfter(1_050_000 - seen, seen, at)
        assert.isAtMost(earliest.getTime(), estimate.getTime())
        assert.isAtLeast(latest.getTime(), estimate.getTime())
      }),
      { numRuns: 200, seed: 20_261_125 }
    )
  })
})
