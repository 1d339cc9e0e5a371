import { test } from '@japa/runner'
import { corners, mergeRuns, runsOfEpochs, runsOfPoints } from '../../domain/difficulty_steps.js'

const DAY = 86_400_000

test.group('The steps of the difficulty', () => {
  test('are runs of epochs whose begin and end are known', ({ assert }) => {
    const epochs = [
      { firstBlockAt: 0, difficulty: 1 },
      { firstBlockAt: 10, difficulty: 2 },
      { firstBlockAt: null, difficulty: 3 },
      { firstBlockAt: null, difficulty: 4 },
    ]
    assert.deepEqual(runsOfEpochs(epochs), [{ from: 0, to: 10, value: 1 }])
  })

  test('join daily values of the same epoch, whatever their last digit says', ({ assert }) => {
    const points = [
      [0, 108_105_433_845_147],
      [DAY, 108_105_433_845_148],
      [2 * DAY, 111_878_185_464_323],
      [3 * DAY, 114_167_270_716_408],
    ] as const
    assert.deepEqual(runsOfPoints(points, 1.5 * DAY), [
      { from: 0, to: 2 * DAY, value: 108_105_433_845_147 },
      { from: 2 * DAY, to: 3 * DAY, value: 111_878_185_464_323 },
      { from: 3 * DAY, to: 3 * DAY, value: 114_167_270_716_408 },
    ])
  })

  test('end where days are missing, and the line breaks there', ({ assert }) => {
    const runs = runsOfPoints(
      [
        [0, 5],
        [DAY, 5],
        [4 * DAY, 5],
        [5 * DAY, 5],
      ],
      1.5 * DAY
    )
    assert.lengthOf(runs, 2)
    assert.deepEqual(corners(runs, [0, 9 * DAY]), [
      [0, 5],
      [DAY, 5],
      [DAY + 1, null],
      [4 * DAY, 5],
      [5 * DAY, 5],
    ])
  })

  test('take exact times as far as they go, and stay inside the range', ({ assert }) => {
    const exact = [{ from: 0, to: 10 * DAY, value: 1 }]
    const seen = [
      { from: 0, to: 5 * DAY, value: 1.1 },
      { from: 5 * DAY, to: 20 * DAY, value: 2 },
    ]
    const runs = mergeRuns(exact, seen)
    assert.deepEqual(runs, [exact[0]!, { from: 10 * DAY, to: 20 * DAY, value: 2 }])
    assert.deepEqual(corners(runs, [8 * DAY, 12 * DAY]), [
      [8 * DAY, 1],
      [10 * DAY, 1],
      [10 * DAY, 2],
      [12 * DAY, 2],
    ])
  })
})
