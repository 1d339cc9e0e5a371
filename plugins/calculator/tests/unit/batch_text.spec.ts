import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { textRows } from '#core/file_rows'
import { xlsxOf } from '#core/xlsx'
import { xlsxStream } from '#core/xlsx_stream'
import { guessReading, sampleRows } from '../../services/batch_reading.js'
import { batchText } from '../../services/batch_text.js'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code?: string }) => error.code
  )

const rowsOf = async (text: string, delimiter = ',') => {
  const rows = []
  for await (const row of textRows([Buffer.from(text)], delimiter)) rows.push(row)
  return rows
}

const ZH = '型号,数量\n蚂蚁 S21,10\n'

test.group('Text of a batch', () => {
  test('is understood in the encodings that spreadsheets save')
    .with([
      { name: 'UTF-8', bytes: Buffer.from(ZH) },
      { name: 'UTF-16', bytes: Buffer.from(`\uFEFF${ZH}`, 'utf16le') },
      // 型号,数量\n蚂蚁 S21,10\n as a Chinese Windows writes it.
      {
        name: 'GB 18030',
        bytes: Buffer.from('d0cdbac52ccafdc1bf0ac2ecd2cf205332312c31300a', 'hex'),
      },
    ])
    .run(async ({ assert }, { bytes }) => {
      const { bytes: text, lines } = await batchText(bytes)
      assert.equal(text.toString().replace('\uFEFF', ''), ZH)
      assert.equal(lines, 2)
    })

  test('comes out of a workbook with the line numbers of the sheet', async ({ assert }) => {
    const file = await xlsxOf([
      {
        name: 'A',
        head: ['Model', 'Count'],
        rows: [
          ['S21', 1],
          [null, null],
          ['a,"b"\nc', 0.07],
        ],
      },
    ])
    const { kind, bytes } = await batchText(file)
    assert.equal(kind, 'xlsx')
    assert.deepEqual(await rowsOf(bytes.toString()), [
      { line: 1, cells: ['Model', 'Count'] },
      { line: 2, cells: ['S21', '1'] },
      { line: 4, cells: ['a,"b" c', '0.07'] },
    ])
  })

  test('is refused when it is something else')
    .with([
      { bytes: Buffer.from('%PDF-1.7 …'), code: 'E_FILE_KIND' },
      { bytes: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), code: 'E_FILE_KIND' },
      { bytes: Buffer.from('a,b\n1,\u0000\n'), code: 'E_FILE_KIND' },
      { bytes: Buffer.from([0x61, 0x2c, 0xff, 0x0a]), code: 'E_FILE_KIND' },
      { bytes: Buffer.from(' \n\n'), code: 'E_FILE_EMPTY' },
      { bytes: Buffer.from('PK\u0003\u0004nothing'), code: 'E_ZIP_UNREADABLE' },
    ])
    .run(async ({ assert }, { bytes, code }) => {
      assert.equal(await codeOf(batchText(bytes)), code)
    })

  test('is refused when a workbook inflates without end', async ({ assert }) => {
    const rows = function* () {
      for (let row = 0; row < 3000; row++) yield ['x'.repeat(32_000)]
    }
    const file = await buffer(xlsxStream([{ name: 'A', head: ['a'], rows: rows() }]))
    assert.isBelow(file.length, 2_000_000)
    assert.equal(await codeOf(batchText(file)), 'E_UPLOAD_TOO_LARGE')
  }).timeout(20_000)
})

test.group('Reading of a batch', () => {
  test('keeps quoted separators and line ends, and tells the line', async ({ assert }) => {
    assert.deepEqual(await rowsOf('a,b\r\n"x,1","y\n2"\r\n\r\n,,\r\nz\n'), [
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x,1', 'y\n2'] },
      { line: 6, cells: ['z'] },
    ])
  })

  test('says where a text stops being a table', async ({ assert }) => {
    const error = await rowsOf('a,b\n1,2\n3,"4\n5,6\n').catch((thrown) => thrown)
    assert.equal(error.code, 'E_FILE_TEXT')
    assert.match(error.message, /line \d/)
  })

  test('guesses separators, decimals and columns', async ({ assert }) => {
    const reading = await guessReading('csv', Buffer.from('型号;台数;电价 ($/kWh)\nS21;10;0,05\n'))
    assert.deepInclude(reading, { delimiter: ';', decimal: ',', hasHead: true })
    assert.deepEqual(reading.columns, {
      model: { column: 0, unit: undefined },
      count: { column: 1, unit: undefined },
      usdPerKwh: { column: 2, unit: '$/kWh' },
    })
  })

  test('takes a first row with figures for a row', async ({ assert }) => {
    const reading = await guessReading('csv', Buffer.from('S21,10,0.05\nS19,5,0.06\n'))
    assert.deepInclude(reading, { hasHead: false, heads: ['1', '2', '3'], columns: {} })
  })

  test('samples the beginning only', async ({ assert }) => {
    const text = Array.from({ length: 20_000 }, (_, row) => `row ${row},1`).join('\n')
    assert.lengthOf(await sampleRows(Buffer.from(text), ','), 21)
  })
})
