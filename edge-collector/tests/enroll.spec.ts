import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import {
  checkEnroll,
  CONTENT_TYPE,
  type EnrollAnswer,
  type EnrollRequest,
} from '../protocol/messages.js'
import { fingerprintWords, rawPublicKey } from '../protocol/signing.js'
import { enroll, portalUrl } from '../src/portal/enroll.js'
import { loadIdentity, ownKey } from '../src/portal/identity.js'
import { Refusal } from '../src/portal/refusal.js'

const ID = '11111111-2222-4333-8444-555555555555'
const ANSWER: EnrollAnswer = {
  collectorId: ID,
  name: 'Hall 1',
  site: { id: ID, name: 'North', timeZone: 'Europe/Oslo' },
  configKey: 'A'.repeat(43),
  time: Date.UTC(2026, 0, 5),
}

/** A portal that answers enrolment with this. */
async function bench(status: number, body: object) {
  const asked: { url: string; type: string; request: EnrollRequest }[] = []
  const server = createServer((incoming, response) => {
    void incoming.toArray().then((parts) => {
      asked.push({
        url: incoming.url!,
        type: String(incoming.headers['content-type']),
        request: JSON.parse(Buffer.concat(parts).toString('utf8')) as EnrollRequest,
      })
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'edge-enroll-'))
  return {
    asked,
    folder,
    enroll: (code = 'abcd-efgh') =>
      enroll({
        folder,
        portal: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        code,
        version: '0.1.0',
        hostname: 'edge-1',
      }),
    async end() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      rmSync(folder, { recursive: true })
    },
  }
}

const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken',
    (error: unknown) => {
      if (error instanceof Refusal) return error.message
      throw error
    }
  )

test.group('Enrolment', () => {
  test('sends the public key that was born here, and keeps the answer', async ({ assert }) => {
    const on = await bench(201, ANSWER)
    const { words } = await on.enroll()
    const key = rawPublicKey(ownKey(on.folder))
    const [{ url, type, request }] = on.asked as [(typeof on.asked)[0]]
    assert.deepEqual([url, type], ['/edge/v1/enroll', CONTENT_TYPE])
    assert.isNull(checkEnroll(request))
    assert.deepInclude(request, { code: 'ABCD-EFGH', publicKey: key, hostname: 'edge-1' })
    assert.equal(words, fingerprintWords(key))
    assert.deepInclude(loadIdentity(on.folder), {
      collectorId: ID,
      site: ANSWER.site,
      configKey: ANSWER.configKey,
    })
    assert.equal(statSync(on.folder).mode & 0o777, 0o700)
    assert.match(await refusalOf(on.enroll()), /enrolled already/)
    assert.lengthOf(on.asked, 1)
    await on.end()
  })

  test('says why it did not work, keeps nothing, and tries again with the same key', async ({
    assert,
  }) => {
    const on = await bench(403, { code: 'E_CODE_INVALID' })
    assert.match(await refusalOf(on.enroll()), /wrong, was used or is too old/)
    assert.match(await refusalOf(on.enroll('ABC')), /looks like/)
    assert.isNull(loadIdentity(on.folder))
    await refusalOf(on.enroll())
    const [first, second] = on.asked
    assert.equal(first!.request.publicKey, second!.request.publicKey)
    await on.end()
  })

  test('does not keep an answer that is none', async ({ assert }) => {
    const on = await bench(201, { hello: 'hotel guest' })
    await assert.rejects(() => on.enroll(), /not usable/)
    assert.isNull(loadIdentity(on.folder))
    await on.end()
  })

  test('takes a portal by https only, or on this machine, or when told so', ({ assert }) => {
    const refused = [
      'portal.example',
      'ftp://portal.example',
      'http://portal.example',
      'https://portal.example/path',
      'https://portal.example/?a=1',
      'https://user:secret@portal.example',
    ]
    for (const given of refused) assert.throws(() => portalUrl(given))
    for (const given of ['https://portal.example', 'http://127.0.0.1:3333', 'http://localhost']) {
      assert.equal(portalUrl(given).origin, given)
    }
    assert.equal(portalUrl('http://portal.example', true).origin, 'http://portal.example')
  })
})
