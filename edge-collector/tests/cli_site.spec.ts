import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from '@japa/runner'
import { EDGE_PATH, type EdgeConfig } from '../protocol/messages.js'
import { configBytes, fingerprintWords, rawPublicKey, signBytes } from '../protocol/signing.js'
import { ownKey, saveMembership } from '../src/portal/identity.js'
import { Queue } from '../src/store/queue.js'
import { FakePortal } from './support/fake_portal.js'

const BIN = resolve(import.meta.dirname, '../bin/hashinsight-edge.ts')
const ID = '11111111-2222-4333-8444-555555555555'

/** Runs the command as people do; `onLine` hears what it says meanwhile. */
function edge(args: string[], onLine: (line: string, stop: () => void) => void = () => {}) {
  const child = spawn(process.execPath, ['--import=@poppinss/ts-exec', BIN, ...args])
  const said = { out: '', err: '' }
  const hear = (name: 'out' | 'err') => (bytes: Buffer) => {
    said[name] += bytes
    for (const line of String(bytes).split('\n')) onLine(line, () => child.kill('SIGTERM'))
  }
  child.stdout.on('data', hear('out'))
  child.stderr.on('data', hear('err'))
  return once(child, 'close').then(([code]) => ({ code: code as number, ...said }))
}

/** A folder that belongs to a portal that knows one range in which nobody is. */
async function enrolled() {
  const folder = mkdtempSync(join(tmpdir(), 'edge-cli-'))
  const tenant = generateKeyPairSync('ed25519')
  const portal = new FakePortal(ownKey(folder), Date.now)
  const url = await portal.listen()
  saveMembership(folder, {
    portal: url.origin,
    collectorId: ID,
    name: 'Hall 1',
    site: { id: ID, name: 'North', timeZone: 'Europe/Oslo' },
    configKey: rawPublicKey(tenant.publicKey),
    enrolledAt: Date.now(),
  })
  writeFileSync(join(folder, 'edge.json'), JSON.stringify({ ipReports: false }), { mode: 0o600 })
  const config: EdgeConfig = {
    version: 3,
    collectorId: ID,
    ranges: [{ id: ID, addresses: '10.255.254.0/30', ports: {} }],
    pollSeconds: 30,
    detailSeconds: 300,
    scanHours: 0,
    scanRequest: 0,
    ignored: [],
  }
  const payload = Buffer.from(JSON.stringify(config))
  const signed = {
    payload: payload.toString('base64url'),
    signature: signBytes(configBytes(payload), tenant.privateKey),
  }
  portal.answers.set(`${EDGE_PATH}/config`, signed)
  portal.answers.set(`${EDGE_PATH}/heartbeat`, { time: Date.now(), configVersion: 0 })
  return {
    folder,
    portal,
    storeConfig: () =>
      writeFileSync(join(folder, 'config.json'), JSON.stringify(signed), { mode: 0o600 }),
    end: async () => {
      await portal.close()
      rmSync(folder, { recursive: true })
    },
  }
}

test.group('Edge command | a site', (group) => {
  group.tap((one) => one.timeout(60_000))

  test('enrols, shows the words to compare, and only once', async ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-cli-'))
    const server = createServer((incoming, response) => {
      incoming.resume()
      response.writeHead(incoming.url === `${EDGE_PATH}/enroll` ? 201 : 404).end(
        JSON.stringify({
          collectorId: ID,
          name: 'Hall 1',
          site: { id: ID, name: 'North', timeZone: 'Europe/Oslo' },
          configKey: rawPublicKey(generateKeyPairSync('ed25519').publicKey),
          time: Date.now(),
        })
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const portal = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const args = ['enroll', '--portal', portal, '--code', 'abcd-efgh', '--state', folder]
    const { code, out, err } = await edge(args)
    assert.equal(`${code} ${err}`, '0 ')
    assert.include(out, fingerprintWords(rawPublicKey(ownKey(folder))))
    for (const name of readdirSync(folder)) {
      assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name)
    }
    const again = await edge(args)
    assert.equal(again.code, 1)
    assert.match(again.err, /^\S+ is enrolled already; .*\n$/)
    server.close()
    rmSync(folder, { recursive: true })
  })

  for (const [wrong, args] of [
    ['without a portal', ['--code', 'ABCD-EFGH']],
    ['without a code', ['--portal', 'https://portal.example']],
  ] as const) {
    test(`does not enrol ${wrong}`, async ({ assert }) => {
      const { code, err } = await edge(['enroll', ...args])
      assert.equal(code, 2)
      assert.match(err, /^hashinsight-edge enroll: --(portal|code) is missing\n$/)
    })
  }

  test('runs until SIGTERM, shows its status to this machine only', async ({ assert }) => {
    const on = await enrolled()
    let page = ''
    const seen: Promise<{ status: number; text: string }[]>[] = []
    let stoppedAt = 0
    const ended = await edge(['run', '--state', on.folder], (line, stop) => {
      page = /http:\S+/.exec(line)?.[0] ?? page
      if (!page || seen.length > 0) return
      seen.push(
        Promise.all([
          askPage(page, 'status.json'),
          askPage(page, ''),
          askPage(page, '', { host: 'portal.example' }),
          askPage(page, 'status.json', {}, 'POST'),
          edge(['status', '--state', on.folder]).then(({ code, out }) => ({
            status: code,
            text: out,
          })),
        ]).finally(() => {
          stoppedAt = Date.now()
          stop()
        })
      )
    })
    const [json, html, foreign, post, status] = (await seen[0])!
    assert.equal(ended.code, 0, ended.err)
    assert.isBelow(Date.now() - stoppedAt, 10_000)
    assert.equal(JSON.parse(json!.text).collectorId, ID)
    assert.match(html!.text, /Hall 1/)
    assert.deepEqual([foreign!.status, post!.status], [421, 405])
    assert.match(status!.text, /^name +Hall 1$/m)
    assert.isFalse(existsSync(join(on.folder, 'run.json')))
    await on.end()
  })

  test('says that it does not run', async ({ assert }) => {
    const on = await enrolled()
    const { code, err } = await edge(['status', '--state', on.folder])
    assert.deepEqual([code, err], [1, 'it does not run\n'])
    await on.end()
  })

  test('finds what is wrong', async ({ assert }) => {
    const on = await enrolled()
    on.storeConfig()
    const well = await edge(['doctor', '--state', on.folder])
    assert.equal(well.code, 0, well.out)
    assert.match(well.out, /^ok +ranges: 10\.255\.254\.0\/30$/m)
    chmodSync(join(on.folder, 'key.pem'), 0o644)
    on.portal.revoked = true
    const bad = await edge(['doctor', '--state', on.folder])
    assert.equal(bad.code, 1)
    assert.match(bad.out, /^BAD +files: .*key\.pem/m)
    assert.match(bad.out, /^BAD +portal: answers 403 E_COLLECTOR_REVOKED/m)
    await on.end()
  })

  test('prints a unit that may speak with the site and the portal only', async ({ assert }) => {
    const on = await enrolled()
    on.storeConfig()
    const { code, out } = await edge(['unit', '--state', on.folder])
    assert.equal(code, 0)
    assert.include(out, `run --state ${on.folder}`)
    assert.match(out, /^IPAddressDeny=any$/m)
    assert.match(out, /^IPAddressAllow=10\.255\.254\.1\/32$/m)
    assert.match(out, /^IPAddressAllow=127\.0\.0\.1$/m)
    assert.notMatch(out, /IPAddressAllow=10\.0\.0\.0\/8/)
    await on.end()
  })

  test('forgets everything only when it is told so twice, and not while it runs', async ({
    assert,
  }) => {
    const on = await enrolled()
    const file = join(on.folder, 'queue.db')
    const queue = new Queue({ file, maxBytes: 16 * 1024 * 1024, clock: Date.now })
    queue.append([], 0)
    const busy = await edge(['uninstall', '--yes', '--state', on.folder])
    assert.equal(busy.code, 1)
    assert.match(busy.err, /a collector runs/)
    queue.close()
    const asked = await edge(['uninstall', '--state', on.folder])
    assert.equal(asked.code, 1)
    assert.match(asked.err, /the key and 1 batches/)
    assert.equal((await edge(['uninstall', '--yes', '--state', on.folder])).code, 0)
    assert.deepEqual(readdirSync(on.folder), ['edge.json'])
    await on.end()
  })

  test('settings that are wrong are one line', async ({ assert }) => {
    const on = await enrolled()
    writeFileSync(join(on.folder, 'edge.json'), JSON.stringify({ networks: ['10.0.0.0/99'] }))
    const { code, err } = await edge(['run', '--state', on.folder])
    assert.equal(code, 1)
    assert.match(err, /^\S+edge\.json: networks\.0 bad_form\n$/)
    await on.end()
  })
})

const askPage = (
  page: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET'
): Promise<{ status: number; text: string }> =>
  new Promise((done, fail) => {
    const asked = request(new URL(path, page), { method, headers }, (answer) => {
      void answer
        .toArray()
        .then((parts) =>
          done({ status: answer.statusCode!, text: Buffer.concat(parts).toString('utf8') })
        )
    })
    asked.on('error', fail)
    asked.end()
  })
