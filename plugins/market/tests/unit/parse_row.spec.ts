import { test } from '@japa/runner'
import { parseCandle, parsePoint, parseTime } from '../../domain/parse_row.js'
import { scale } from '../../domain/scale.js'

const NOW = new Date('2026-02-14T00:00:00Z')

test.group('Rows of market files', () => {
  test('read dates, ISO times and Unix seconds as UTC')
    .with([
      { text: '2015-01-01', iso: '2015-01-01T00:00:00.000Z' },
      { text: '2015-01-01T12:30:00Z', iso: '2015-01-01T12:30:00.000Z' },
      { text: '1231006505', iso: '2009-01-03T18:15:05.000Z' },
    ])
    .run(({ assert }, { text, iso }) => {
      assert.equal(parseTime(text)?.toISOString(), iso)
    })

  test('take a price by any of its usual names', ({ assert }) => {
    const at = new Date('2015-01-01T00:00:00Z')
    for (const name of ['price', 'close', 'value']) {
      const parsed = parsePoint({ date: '2015-01-01', [name]: '314.248992919922' }, 'price', NOW)
      assert.deepEqual(parsed, { ok: true, row: { at, value: 314.248992919922 } })
    }
  })

  test('say why a row cannot be a value')
    .with([
      { row: { price: '1' }, reason: 'no_date' },
      { row: { date: '01/02/2015', price: '1' }, reason: 'bad_date' },
      { row: { date: '2026-03-01', price: '1' }, reason: 'future_date' },
      { row: { date: '2015-01-01' }, reason: 'no_value' },
      { row: { date: '2015-01-01', price: '' }, reason: 'no_value' },
      { row: { date: '2015-01-01', price: 'n/a' }, reason: 'bad_number' },
      { row: { date: '2015-01-01', price: 'Infinity' }, reason: 'bad_number' },
      { row: { date: '2015-01-01', price: '0' }, reason: 'not_positive' },
      { row: { date: '2015-01-01', price: '-5' }, reason: 'not_positive' },
    ])
    .run(({ assert }, { row, reason }) => {
      assert.deepEqual(parsePoint(row, 'price', NOW), { ok: false, reason: reason as never })
    })

  test('refuse a candle whose high or low does not enclose it', ({ assert }) => {
    const good = { date: '2015-01-01', open: '10', high: '12', low: '9', close: '11', volume: '5' }
    assert.isTrue(parseCandle(good, NOW).ok)
    for (const wrong of [{ high: '10.5' }, { low: '10.5' }, { high: '8' }]) {
      assert.deepEqual(parseCandle({ ...good, ...wrong }, NOW), { ok: false, reason: 'bad_candle' })
    }
  })

  test('show difficulty in T and network hashrate in EH/s', ({ assert }) => {
    assert.equal(scale('difficulty', 125_864_590_119_494), 125.864590119494)
    assert.equal(scale('network_hashrate_ths', 907_000_000), 907)
  })
})
