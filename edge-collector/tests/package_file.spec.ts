import { gunzipSync, gzipSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { type Header, pack } from 'tar-stream'
import { isOlder } from '../protocol/updates.js'
import { openPackage } from '../src/update/package_file.js'
import { BadPackage, readTar } from '../src/update/tar.js'
import { packed, sha256Of, shippedFiles } from './support/packed.js'

async function archive(
  headers: (Partial<Header> & { name: string; text?: string })[]
): Promise<Buffer> {
  const tar = pack()
  const bytes = buffer(tar)
  for (const { text = '', ...header } of headers) tar.entry(header as Header, text)
  tar.finalize()
  return bytes
}

const VERSION = '0.2.0+0123456789ab'
const order = (bytes: Buffer, more = {}) => ({
  request: 1,
  version: VERSION,
  sha256: sha256Of(bytes),
  mayDowngrade: false,
  ...more,
})

test.group('Edge package file', () => {
  test('gives the files of an archive as they were packed', async ({ assert }) => {
    const files = shippedFiles(VERSION)
    const read = readTar(gunzipSync(await packed(files)))
    assert.deepEqual(new Map(read.map(({ name, bytes }) => [name, bytes.toString()])), files)
  })

  test('refuses every name that could lead elsewhere')
    .with([
      'package/../evil.js',
      '../evil.js',
      '/etc/evil',
      'other/evil.js',
      'package/a/../../evil.js',
      'package/./a.js',
      'package//a.js',
      'package/a\\..\\b.js',
      'package/.bashrc',
      'package/c:a.js',
      'package/ä.js',
      'package',
    ])
    .run(async ({ assert }, name) => {
      const bytes = await archive([{ name, text: 'x' }])
      assert.throws(() => readTar(bytes), BadPackage as never)
    })

  test('refuses links, devices and whatever is no plain file')
    .with(['symlink', 'link', 'character-device', 'fifo'] as const)
    .run(async ({ assert }, type) => {
      const bytes = await archive([{ name: 'package/a.js', type, linkname: '/etc/passwd' }])
      assert.throws(() => readTar(bytes), /no plain file/)
    })

  test('refuses a file that comes twice, an archive that is cut, a header that is damaged', async ({
    assert,
  }) => {
    const twice = await archive([
      { name: 'package/a.js', text: 'x' },
      { name: 'package/a.js', text: 'y' },
    ])
    assert.throws(() => readTar(twice), /twice/)
    const good = await archive([{ name: 'package/a.js', text: 'x'.repeat(2000) }])
    for (const length of [0, 100, 512, 1024, 2048]) {
      assert.throws(() => readTar(good.subarray(0, length)), /cut off/)
    }
    const bad = Buffer.from(good)
    bad[10]! ^= 1
    assert.throws(() => readTar(bad), /damaged/)
  })

  test('takes the package that was ordered and no other', async ({ assert }) => {
    const bytes = await packed(shippedFiles(VERSION))
    assert.isAbove(openPackage(bytes, order(bytes), '0.1.0').length, 50)
    const other = Buffer.from(bytes)
    other[other.length - 20]! ^= 1
    assert.throws(() => openPackage(other, order(bytes), '0.1.0'), /SHA-256/)
    assert.throws(() => openPackage(other, order(other), '0.1.0'), /cannot be unpacked/)
    const cut = bytes.subarray(0, bytes.length - 100)
    assert.throws(() => openPackage(cut, order(cut), '0.1.0'), /cannot be unpacked/)
    const wrong = order(bytes, { version: '0.3.0' })
    assert.throws(() => openPackage(bytes, wrong, '0.1.0'), /not the ordered one/)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    assert.throws(() => openPackage(bomb, order(bomb), '0.1.0'), /cannot be unpacked/)
  })

  test('goes back to an older version only when the order says so', async ({ assert }) => {
    const bytes = await packed(shippedFiles(VERSION))
    assert.throws(() => openPackage(bytes, order(bytes), '0.10.0'), /is older than 0.10.0/)
    openPackage(bytes, order(bytes, { mayDowngrade: true }), '0.10.0')
    assert.isTrue(isOlder('0.9.9', '0.10.0'))
    assert.isFalse(isOlder('1.0.0', '0.10.0'))
    assert.isFalse(isOlder('0.1.0+aaaaaaaaaaaa', '0.1.0+bbbbbbbbbbbb'))
  })
})
