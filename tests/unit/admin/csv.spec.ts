import { parse } from 'csv-parse/sync'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { BOM, csvCell, csvOf } from '#core/csv'

const HOSTILE = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  `=HYPERLINK("http://x","y")`,
]

test.group('CSV', () => {
  test('disarm {$self}')
    .with(HOSTILE)
    .run(({ assert }, payload) => {
      const [[cell]] = parse(csvOf([], [[payload]]).slice(BOM.length + 2)) as [[string]]
      assert.equal(cell, `'${payload}`)
    })

  test('leave numbers numbers', ({ assert }) => {
    assert.equal(csvCell(-5.25), '-5.25')
    assert.equal(csvCell(-12n), '-12')
    assert.equal(csvCell(Number.NaN), '')
  })

  test('begin with the mark that Excel needs and end lines with CR LF', ({ assert }) => {
    assert.equal(csvOf(['a'], [['b']]), '\uFEFFa\r\nb\r\n')
  })

  test('give back any text that a reader of RFC 4180 reads', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
        (cells) => {
          const [row] = parse(csvOf(cells, []), {
            bom: true,
            relax_column_count: true,
            record_delimiter: '\r\n',
          }) as string[][]
          cells.forEach((cell, i) => assert.isTrue([cell, `'${cell}`].includes(row![i]!)))
        }
      )
    )
  })
})
