import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from '@japa/runner'
import { readUpload, safeFileName } from '#core/uploads'

const BOUNDARY = 'xyz'
const LIMITS = { files: 1, fileBytes: 1000, fields: 5, fieldBytes: 100 }

const part = (disposition: string, body: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`
const form = (...parts: string[]) => `${parts.join('')}--${BOUNDARY}--\r\n`

const sourceOf = (body: string | Buffer, type = `multipart/form-data; boundary=${BOUNDARY}`) =>
  Object.assign(Readable.from([Buffer.from(body)]), { headers: { 'content-type': type } })

async function read(body: string | Buffer, type?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'upload-test-'))
  try {
    const { fields, files } = await readUpload(sourceOf(body, type), LIMITS, folder)
    const texts = await Promise.all(files.map(({ path }) => readFile(path, 'utf8')))
    return { fields, files, texts, kept: await readdir(folder) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const refusal = async (body: string | Buffer, type?: string) => {
  const outcome = await read(body, type).catch((error: { code?: string }) => error.code)
  return outcome as string
}

test.group('Uploads', () => {
  test('keep fields and files under names of our own', async ({ assert }) => {
    const { fields, files, texts, kept } = await read(
      form(part('name="series"', 'price'), part('name="file"; filename="../../etc/día.csv"', 'a,b'))
    )
    assert.deepEqual([...fields], [['series', 'price']])
    assert.equal(files[0]!.bytes, 3)
    assert.notInclude(files[0]!.path, 'etc')
    assert.deepEqual(texts, ['a,b'])
    assert.match(kept[0]!, /^[0-9a-f-]{36}$/)
  })

  test('take the names of Object.prototype for words')
    .with(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf'])
    .run(async ({ assert }, name) => {
      const asField = await read(form(part(`name="${name}"`, 'x')))
      assert.equal(asField.fields.get(name), 'x')
      const asFile = await read(form(part(`name="${name}"; filename="${name}"`, 'x')))
      assert.equal(asFile.files[0]!.field, name)
      assert.equal(({} as { x?: string }).x, undefined)
    })

  test('refuse what is more than the limits', async ({ assert }) => {
    const large = 'E_UPLOAD_TOO_LARGE'
    const file = part('name="f"; filename="f"', 'x')
    const field = part('name="a"', 'x')
    assert.equal(await refusal(form(part('name="f"; filename="f"', 'x'.repeat(1001)))), large)
    assert.equal(await refusal(form(part('name="a"', 'x'.repeat(101)))), large)
    assert.equal(await refusal(form(file, file)), large)
    assert.equal(await refusal(form(...Array.from({ length: 10_000 }, () => field))), large)
  })

  test('refuse what is cut off or no form at all', async ({ assert }) => {
    const unreadable = 'E_UPLOAD_UNREADABLE'
    const whole = form(part('name="f"; filename="f"', 'x'.repeat(200)))
    assert.equal(await refusal(whole.slice(0, 120)), unreadable)
    assert.equal(await refusal(whole, 'multipart/form-data'), unreadable)
    assert.equal(await refusal('{}', 'application/json'), unreadable)
  })

  test('survive hostile headers', async ({ assert }) => {
    const bodies = [
      form(part(`name="f"; filename*=%E0%A4%A`, 'x')),
      form(part(`name="f"; filename*=UTF-8''%E0%A4%A`, 'x')),
      form(part(`name="${'n'.repeat(5000)}"`, 'x')),
      form(part('name="a"', 'a\0b')),
      `--${BOUNDARY}\r\n${'X: y\r\n'.repeat(5000)}\r\nx\r\n--${BOUNDARY}--\r\n`,
    ]
    for (const body of bodies) {
      const outcome = await read(body).catch((error: { status?: number }) => error.status)
      assert.isTrue(typeof outcome === 'object' || outcome === 400 || outcome === 413)
    }
    const { fields } = await read(bodies[3]!)
    assert.equal(fields.get('a'), 'ab')
  })

  test('show names that are no paths and hide nothing', ({ assert }) => {
    assert.equal(safeFileName('C:\\Users\\x\\..\\price.csv'), 'price.csv')
    assert.equal(safeFileName('../../.htaccess'), 'htaccess')
    assert.equal(safeFileName('a\u202Egnp.exe\0'), 'agnp.exe')
    assert.equal(safeFileName('../'), 'file')
    assert.equal(safeFileName(undefined), 'file')
    assert.lengthOf(safeFileName('x'.repeat(1000)), 120)
  })
})
