import { test } from '@japa/runner'
import fc from 'fast-check'
import { type Episode, followAlarms, type Heard, HOLD_MS } from '../../domain/alarm_episodes.js'

const MINUTE = 60_000
/**
 * One reading a minute; a dot is silence, a dash no alarms, letters are the codes that are said; a
 * question mark is "b" of half a reading, whose other half was not heard.
 */
const said = (line: string): Heard[] =>
  [...line].map((sign, index) => ({
    at: index * MINUTE,
    alarms: ALARMS[sign] === undefined ? [sign] : ALARMS[sign],
    isWhole: sign !== '?',
  }))

const ALARMS: Record<string, string[] | null> = { '.': null, '-': [], '*': ['a', 'b'], '?': ['b'] }

const told = (episodes: readonly Episode[]) =>
  episodes
    .map(({ code, beganAt, endedAt }) => [
      code,
      beganAt / MINUTE,
      endedAt === null ? null : endedAt / MINUTE,
    ])
    .sort((a, b) => String(a).localeCompare(String(b)))

test.group('Alarms of a device', () => {
  const cases: [name: string, line: string, episodes: ReturnType<typeof told>][] = [
    ['begin when they are said and go on while they are', '--aaaaaaaa', [['a', 2, null]]],
    ['end when they were last said and then not for a while', '-aaa------', [['a', 1, 4]]],
    ['go on while the silence is short', '-aa----aa', [['a', 1, null]]],
    ['are one when they flutter', 'a-a-a-a-a-a-a-a-a-a', [['a', 0, null]]],
    ['are not over while nobody hears the device', 'aa.............', [['a', 0, null]]],
    ['are not over before they were heard to be', 'a........-....a', [['a', 0, null]]],
    [
      'are not over while only another part of the device is heard',
      'a????????',
      [
        ['a', 0, null],
        ['b', 1, null],
      ],
    ],
    [
      'begin again after their end',
      'a------a',
      [
        ['a', 0, 1],
        ['a', 7, null],
      ],
    ],
    [
      'are followed each by itself',
      '-a*bbbbbb',
      [
        ['a', 1, 3],
        ['b', 2, null],
      ],
    ],
  ]
  for (const [name, line, episodes] of cases) {
    test(name, ({ assert }) => {
      assert.deepEqual(told(followAlarms([], said(line))), episodes)
    })
  }

  const readings = fc
    .array(
      fc.record({
        after: fc.integer({ min: 1000, max: 2 * HOLD_MS }),
        alarms: fc.option(fc.subarray(['a', 'b', 'c']), { nil: null }),
        isWhole: fc.boolean(),
      }),
      { maxLength: 40 }
    )
    .map((list) => {
      let at = 0
      return list.map(({ after, ...heard }): Heard => ({ at: (at += after), ...heard }))
    })

  test('are the same, however readings are cut into batches', ({ assert }) => {
    fc.assert(
      fc.property(readings, fc.nat(40), (list, cut) => {
        const whole = followAlarms([], list)
        const first = followAlarms([], list.slice(0, cut))
        const rest = followAlarms(
          first.filter(({ endedAt }) => endedAt === null),
          list.slice(cut)
        )
        const both = [...first.filter(({ endedAt }) => endedAt !== null), ...rest]
        assert.deepEqual(told(both), told(whole))
      })
    )
  })

  test('never overlap, and go on exactly where the last word was an alarm or too fresh', ({
    assert,
  }) => {
    fc.assert(
      fc.property(readings, (list) => {
        const episodes = followAlarms([], list)
        for (const code of ['a', 'b', 'c']) {
          const own = episodes.filter((one) => one.code === code)
          own.sort((x, y) => x.beganAt - y.beganAt)
          for (const [index, one] of own.entries()) {
            if (index < own.length - 1) assert.isAtMost(one.endedAt!, own[index + 1]!.beganAt)
            const during = list.filter(
              ({ at }) => one.endedAt !== null && at > one.endedAt && at < one.endedAt + HOLD_MS
            )
            assert.isFalse(during.some(({ alarms }) => alarms?.includes(code)))
          }
          const last = list.findLast(({ alarms }) => alarms !== null)
          if (last?.alarms?.includes(code)) assert.isNull(own.at(-1)!.endedAt)
        }
      })
    )
  })
})
