import { inflateRawSync } from 'node:zlib'
import db from '@adonisjs/lucid/services/db'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { test } from '@japa/runner'
import type User from '#models/user'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { QUESTION, save } from '../support/scenarios.js'

const BASE = `http://127.0.0.1:${process.env.PORT}`
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Bytes as they come over the wire: the test client would read them as text. */
async function download(path: string, user: User | null = null) {
  const headers: Record<string, string> = {}
  if (user) {
    const { name, value } = await sessionCookie(user)
    headers.cookie = `${name}=${value}`
  }
  const response = await fetch(BASE + path, { headers, redirect: 'manual' })
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

const sheet = async (bytes: Buffer, name: string) => {
  const sheets = await readXlsx(bytes)
  return sheets.find((one) => one.sheet === name)!.data
}

const asked = new URLSearchParams(QUESTION).toString()

test.group('Files of a result', () => {
  test('give a guest the golden answer in typed cells with the source of every input', async ({
    assert,
  }) => {
    const { response, bytes } = await download(`/calculator/export.xlsx?${asked}`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), XLSX)
    const result = await sheet(bytes, 'Result')
    const valueOf = (name: string) => result.find(([first]) => first === name)![1]
    assert.closeTo(valueOf('Profit a day ($)') as number, 6030.91, 0.005)
    assert.closeTo(valueOf('Production a day (BTC)') as number, 0.10290911, 5e-9)
    assert.strictEqual(valueOf('Booked profit a day (cent)'), 603_091)
    assert.instanceOf(valueOf('Computed at (UTC)'), Date)
    assert.isNull(valueOf('By network hashrate (BTC)'))
    const inputs = await sheet(bytes, 'Inputs')
    const price = inputs.find(([, name]) => name === 'Bitcoin price ($)')!
    assert.deepEqual(price.slice(2, 4), [100_000, 'you'])
    const fees = inputs.find(([, name]) => name === 'Mean fees per block (sat)')!
    assert.deepEqual(fees.slice(2, 4), [0, 'you'])
    const lines = await sheet(bytes, 'Formula')
    assert.include(String(lines[3]![1]), '0.10290911 BTC a day')
  })

  test('say the same in a CSV file, in the language of the person', async ({ client, assert }) => {
    const response = await client.get('/calculator/export.csv').qs(QUESTION)
    response.assertStatus(200)
    const rows: string[][] = parse(response.text(), { bom: true })
    const profit = rows.find(([, name]) => name === 'Profit a day ($)')!
    assert.closeTo(Number(profit[2]), 6030.91, 0.005)
    const chinese = await client
      .get('/calculator/export.csv')
      .qs(QUESTION)
      .header('accept-language', 'zh')
    chinese.assertTextIncludes('每日利润')
  })

  test('refuse a question that has no answer', async ({ client }) => {
    for (const kind of ['csv', 'xlsx']) {
      const response = await client.get(`/calculator/export.${kind}`).qs({ hashrateThs: '1' })
      response.assertStatus(422)
    }
  })

  test('are named after the scenario, whatever its name, by a header that cannot be broken', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const names: [string, string][] = [
      [
        '二号场 S21',
        `attachment; filename="___ S21.csv"; filename*=UTF-8''%E4%BA%8C%E5%8F%B7%E5%9C%BA%20S21.csv`,
      ],
      [
        'a"b\\c/../d',
        `attachment; filename="a b c .. d.csv"; filename*=UTF-8''a%20b%20c%20..%20d.csv`,
      ],
      [
        'x";filename=evil.exe',
        `attachment; filename="x ;filename=evil.exe.csv"; filename*=UTF-8''x%20%3Bfilename%3Devil.exe.csv`,
      ],
      ['...', `attachment; filename="result.csv"; filename*=UTF-8''result.csv`],
    ]
    for (const [name, header] of names) {
      const id = await save(client, user, { name })
      const { response } = await download(`/calculator/scenarios/${id}/export.csv`, user)
      assert.equal(response.headers.get('content-disposition'), header)
    }
  })

  test('never let text become a formula', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const payloads = [
      '=1+1',
      '+1+1',
      '-1+1',
      '@SUM(A1)',
      "=cmd|' /C calc'!A0",
      '＝1+1',
      '=HYPERLINK("http://x.example","y")',
      '"=1+1',
      ';=1+1',
    ]
    for (const name of payloads) {
      const id = await save(client, user, { name, note: name })
      const csv = await client.get(`/calculator/scenarios/${id}/export.csv`).loginAs(user)
      const rows: string[][] = parse(csv.text(), { bom: true, relax_column_count: true })
      for (const cell of rows.flat()) {
        assert.isFalse(/^[=+@\t\r＝＋－＠]/.test(cell) && Number.isNaN(Number(cell)), cell)
        if (cell.startsWith('-')) assert.isFalse(Number.isNaN(Number(cell)), cell)
      }
      const { bytes } = await download(`/calculator/scenarios/${id}/export.xlsx`, user)
      const result = await sheet(bytes, 'Result')
      assert.equal(result.find(([first]) => first === 'Name')![1], name)
      assert.equal(result.find(([first]) => first === 'Note')![1], name)
      const xml = xmlOf(bytes)
      assert.include(xml, '<row')
      assert.notMatch(xml, /<f[ >]/)
    }
  })

  test('stand on one sheet of paper; an unfinished question goes back to the form', async ({
    client,
    assert,
  }) => {
    const paper = await client.get('/calculator/print').qs(QUESTION)
    paper.assertStatus(200)
    paper.assertTextIncludes('$6,030.91')
    assert.notInclude(paper.text(), '>you<')
    const back = await client.get('/calculator/print').qs({ hashrateThs: '1' }).redirects(0)
    back.assertStatus(302)
    back.assertHeader('location', '/calculator?hashrateThs=1')
    const { user } = await makeMember(await makeTenant(), 'operator')
    const id = await save(client, user, { name: 'On paper', note: 'for the bank' })
    const own = await client.get(`/calculator/scenarios/${id}/print`).loginAs(user)
    for (const text of ['On paper', 'for the bank']) own.assertTextIncludes(text)
  })

  test('limit guests by their network', async ({ client, assert }) => {
    const ask = () => client.get('/calculator/export.csv').qs(QUESTION)
    let last = await ask()
    for (let index = 0; index < 40 && last.status() === 200; index++) last = await ask()
    assert.equal(last.status(), 429)
  }).teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })
})

/** The text of every sheet of a workbook: a zip, read by its central directory. */
function xmlOf(bytes: Buffer) {
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
  let text = ''
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extra, comment] = [28, 30, 32].map((n) => bytes.readUInt16LE(at + n))
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength!)
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20))
    const isPacked = bytes.readUInt16LE(at + 10) === 8
    if (name.includes('worksheets/')) text += isPacked ? inflateRawSync(packed) : packed
    at += 46 + nameLength! + extra! + comment!
  }
  return text
}
