import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import app from '@adonisjs/core/services/app'
import testUtils from '@adonisjs/core/services/test_utils'
import { test } from '@japa/runner'
import { compressed } from '#core/compress'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { ask } from '#tests/support/raw'

/** What changes between two answers to the same question: nonces and the time. */
const still = (html: string) =>
  html.replaceAll(/nonce="[^"]*"/g, '').replaceAll(/<time.*?\/time>/g, '')

const varies = (header: string | undefined) => (header ?? '').split(', ')

test.group('Compression of pages', (group) => {
  group.setup(async () => {
    // An installation without anybody sends its first visitor to the set-up instead.
    await makeMember(await makeTenant(), 'operator')
  })

  test('give a guest the same page packed as asked, and tell caches what it varies by', async ({
    assert,
  }) => {
    const plain = await ask('/')
    assert.isUndefined(plain.headers['content-encoding'])
    assert.include(varies(plain.headers.vary), 'Accept-Encoding')
    for (const [accept, coding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, deflate', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
    ] as const) {
      const packed = await ask('/', { 'accept-encoding': accept })
      assert.equal(packed.headers['content-encoding'], coding, accept)
      assert.equal(packed.headers['content-type'], 'text/html; charset=utf-8')
      assert.equal(Number(packed.headers['content-length']), packed.body.length)
      assert.isBelow(packed.body.length, plain.body.length / 2)
      assert.include(varies(packed.headers.vary), 'Accept-Encoding')
      assert.include(varies(packed.headers.vary), 'Cookie')
      assert.equal(still(packed.text), still(plain.text))
    }
  })

  test('leave a page alone where the client reads no coding of ours', async ({ assert }) => {
    for (const accept of ['identity', 'deflate', 'br;q=0', 'gzip;q=0, *;q=0.1']) {
      const { headers } = await ask('/', { 'accept-encoding': accept })
      assert.isUndefined(headers['content-encoding'], accept)
    }
  })

  test('never pack an answer to somebody who is signed in, on the very same address', async ({
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { name, value } = await sessionCookie(user)
    for (const path of ['/', '/calculator/mini?usdPerKwh=0.05']) {
      const answer = await ask(path, {
        'cookie': `${name}=${value}`,
        'accept-encoding': 'br, gzip',
      })
      assert.equal(answer.status, 200)
      assert.isAbove(answer.body.length, 100)
      assert.isUndefined(answer.headers['content-encoding'], path)
    }
  })

  test('never pack a page that did not ask for it: forms with a token in them', async ({
    assert,
  }) => {
    for (const path of ['/sign-in', '/forgot-password']) {
      const { headers } = await ask(path, { 'accept-encoding': 'br, gzip' })
      assert.isUndefined(headers['content-encoding'], path)
    }
  })

  test('answer HEAD with the headers of GET and without a body', async ({ assert }) => {
    const answer = await ask('/', { 'accept-encoding': 'br' }, 'HEAD')
    assert.equal(answer.headers['content-encoding'], 'br')
    assert.lengthOf(answer.body, 0)
  })

  test('leave streams, what is packed already and what forbids it as they are', async ({
    assert,
  }) => {
    const run = async (prepare: (response: Response) => void) => {
      const ctx = await testUtils.createHttpContext()
      ctx.request.request.headers['accept-encoding'] = 'br'
      await compressed()(ctx, async () => prepare(ctx.response))
      return ctx.response
    }
    const long = '<p>word</p>'.repeat(1000)
    const stream = await run((response) => response.stream(Readable.from(['data: 1\n\n'])))
    assert.isUndefined(stream.getHeader('Content-Encoding'))
    assert.isTrue(stream.hasStream)
    const twice = await run((response) => response.header('Content-Encoding', 'zstd').send(long))
    assert.equal(twice.getHeader('Content-Encoding'), 'zstd')
    assert.equal(twice.getBody(), long)
    const fixed = await run((response) =>
      response.header('Cache-Control', 'no-transform').send(long)
    )
    assert.equal(fixed.getBody(), long)
    const short = await run((response) => response.send('<p>short</p>'))
    assert.equal(short.getBody(), '<p>short</p>')
    const tagged = await run((response) => response.header('Etag', '"abc"').send(long))
    assert.equal(tagged.getHeader('Content-Encoding'), 'br')
    assert.equal(tagged.getHeader('Etag'), 'W/"abc"')
  })
})

type Response = Awaited<ReturnType<typeof testUtils.createHttpContext>>['response']

const bundles = () => {
  const manifest = app.publicPath('assets/.vite/manifest.json')
  const entries = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, { file: string }>
  return ['resources/css/landing.css', 'resources/js/app.js'].map(
    (name) => `/assets/${entries[name]!.file}`
  )
}

test.group('Packed bundles', () => {
  test('have the bytes of the bundle, a type, a tag of their own and a year to live', async ({
    assert,
  }) => {
    for (const path of bundles()) {
      const plain = await ask(path)
      assert.equal(plain.status, 200)
      assert.isUndefined(plain.headers['content-encoding'])
      const tags = [plain.headers.etag]
      for (const coding of ['br', 'gzip']) {
        const packed = await ask(path, { 'accept-encoding': coding })
        assert.equal(packed.headers['content-encoding'], coding, path)
        assert.equal(packed.text, plain.text)
        assert.isBelow(packed.body.length, plain.body.length / 2)
        assert.equal(packed.headers['content-type'], plain.headers['content-type'])
        assert.include(packed.headers['cache-control'], 'immutable')
        assert.equal(packed.headers.vary, 'Accept-Encoding')
        tags.push(packed.headers.etag)
      }
      assert.equal(plain.headers.vary, 'Accept-Encoding')
      assert.equal(new Set(tags).size, 3, 'each copy has its own tag')
    }
  })

  test('are not sent again to who has them, and only under their own tag', async ({ assert }) => {
    const [path] = bundles()
    const packed = await ask(path!, { 'accept-encoding': 'br' })
    const tag = { 'if-none-match': packed.headers.etag! }
    assert.equal((await ask(path!, { ...tag, 'accept-encoding': 'br' })).status, 304)
    assert.equal((await ask(path!, tag)).status, 200)
  })

  test('open no way to other files', async ({ assert }) => {
    for (const path of ['/assets/../package.js', '/assets/%2e%2e/app.js', '/assets/none.css']) {
      const { status } = await ask(path, { 'accept-encoding': 'br' })
      assert.include([403, 404], status, path)
    }
  })
})
