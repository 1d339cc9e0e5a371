import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import readExcelFile from 'read-excel-file/node'
import type { CsvValue } from '#core/csv'
import { xlsxOf } from '#core/xlsx'
import { xlsxRows } from '#core/xlsx_rows'
import { xlsxStream } from '#core/xlsx_stream'
import { zipOf } from '#core/zip'

const HEAD = ['Text', 'Number', 'Whole', 'Huge', 'Flag', 'When', 'None']
const ROW: CsvValue[] = [
  '=HYPERLINK("http://x","算力 <&>")',
  0.07,
  123_456n,
  90_071_992_547_409_931n,
  true,
  new Date('2026-11-25T12:00:00Z'),
  null,
]

const streamed = (name: string, head: string[], rows: CsvValue[][]) =>
  buffer(xlsxStream([{ name, head, rows }]))

async function rowsIn(bytes: Buffer, limits = {}) {
  const rows: { row: number; cells: string[] }[] = []
  for await (const row of xlsxRows(bytes, limits)) rows.push(row)
  return rows
}

const refusal = async (bytes: Buffer, limits = {}) =>
  rowsIn(bytes, limits).then(
    () => null,
    (error: { code?: string }) => error.code
  )

const WRITERS = [
  {
    name: 'xlsxOf',
    write: (head: string[], rows: CsvValue[][]) => xlsxOf([{ name: 'A', head, rows }]),
  },
  { name: 'xlsxStream', write: (head: string[], rows: CsvValue[][]) => streamed('A', head, rows) },
]

test.group('Workbooks', () => {
  test('read back as they were written, by another reader too')
    .with(WRITERS)
    .run(async ({ assert }, { write }) => {
      const bytes = await write(HEAD, [ROW, ROW])
      const sheets = await readExcelFile(bytes)
      const [head, first] = sheets[0]!.data
      assert.deepEqual(head, HEAD)
      assert.deepEqual(first!.slice(0, 5), [
        '=HYPERLINK("http://x","算力 <&>")',
        0.07,
        123_456,
        '90071992547409931',
        true,
      ])
      assert.equal((first![5] as unknown as Date).toISOString(), '2026-11-25T12:00:00.000Z')
      const own = await rowsIn(bytes)
      assert.deepEqual(
        own.map(({ row }) => row),
        [1, 2, 3]
      )
      assert.deepEqual(own[1]!.cells.slice(0, 5), [
        '=HYPERLINK("http://x","算力 <&>")',
        '0.07',
        '123456',
        '90071992547409931',
        'TRUE',
      ])
    })

  test('hold no formula, whatever a text begins with')
    .with(WRITERS)
    .run(async ({ assert }, { write }) => {
      const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1", '{=1}']
      const bytes = await write(
        ['a'],
        texts.map((text) => [text])
      )
      const { ZipArchive } = await import('#core/zip')
      const sheet = await new ZipArchive(bytes, 1e7).text('xl/worksheets/sheet1.xml')
      assert.notMatch(sheet, /<f[ >]/)
      assert.lengthOf(await rowsIn(bytes), texts.length + 1)
    })

  test('keep texts that XML cannot carry out of the file', async ({ assert }) => {
    const bytes = await streamed('[a]:*', ['a\u0000b'], [['x\u0001\uD800y'], ['z'.repeat(40_000)]])
    const sheets = await readExcelFile(bytes)
    assert.equal(sheets[0]!.data[0]![0], 'ab')
    assert.equal(sheets[0]!.data[1]![0], 'xy')
    assert.lengthOf(String(sheets[0]!.data[2]![0]), 32_767)
  })

  test('are refused when they inflate to more than is accepted', async ({ assert }) => {
    const bytes = await streamed(
      'A',
      ['a'],
      Array.from({ length: 5000 }, () => ['x'.repeat(1000)])
    )
    assert.isBelow(bytes.length, 100_000)
    assert.equal(await refusal(bytes, { inflatedBytes: 1_000_000 }), 'E_ZIP_TOO_LARGE')
    assert.isNull(await refusal(bytes))
  })

  test('are refused when they are something else or damaged', async ({ assert }) => {
    const good = await streamed('A', ['a'], [['b']])
    assert.equal(await refusal(Buffer.from('a,b\n1,2')), 'E_XLSX_UNREADABLE')
    assert.equal(await refusal(good.subarray(0, good.length - 40)), 'E_ZIP_UNREADABLE')
    assert.equal(await refusal(good.subarray(0, 4)), 'E_ZIP_UNREADABLE')
    const wide = await streamed('A', Array.from({ length: 30 }, String), [])
    assert.equal(await refusal(wide, { columns: 20 }), 'E_XLSX_TOO_WIDE')
    const other = await buffer(zipOf([{ name: 'word/document.xml', text: ['<a/>'] }]))
    assert.equal(await refusal(other), 'E_XLSX_UNREADABLE')
  })

  test('expand no entities', async ({ assert }) => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook><sheets/></workbook>'
    const bytes = await buffer(zipOf([{ name: 'xl/workbook.xml', text: [bomb] }]))
    assert.equal(await refusal(bytes), 'E_XML_UNREADABLE')
  })

  test('take what other programs write: prefixes, shared and rich texts, gaps', async ({
    assert,
  }) => {
    const relation = (id: string, type: string, target: string) =>
      `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`
    const bytes = await buffer(
      zipOf([
        {
          name: 'xl/workbook.xml',
          text: [`<x:workbook><x:sheets><x:sheet name='S' r:id='r1'/></x:sheets></x:workbook>`],
        },
        {
          name: 'xl/_rels/workbook.xml.rels',
          text: [
            `<R>${relation('r2', 'sharedStrings', '/xl/s.xml')}${relation('r1', 'worksheet', 'a.xml')}</R>`,
          ],
        },
        {
          name: 'xl/s.xml',
          text: [
            '<sst><si><r><t>Ant</t></r><r><t xml:space="preserve">miner &#x7b97;</t></r><rPh><t>no</t></rPh></si></sst>',
          ],
        },
        {
          name: 'xl/a.xml',
          text: [
            '<?xml version="1.0"?><!-- > --><x:worksheet><x:sheetData><x:row r="3"><x:c r="B3" t="s">',
            '<x:v>0</x:v></x:c><x:c r="D3"><x:f>1+1</x:f><x:v>7.0000000000000007E-2</x:v></x:c></x:row><x:row r="4"/>',
            '<x:row r="9"><x:c r="A9" t="inlineStr"><x:is><x:t>a&lt;b</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>',
          ],
        },
      ])
    )
    assert.deepEqual(await rowsIn(bytes), [
      { row: 3, cells: ['', 'Antminer 算', '', '0.07'] },
      { row: 9, cells: ['a<b'] },
    ])
  })
})
