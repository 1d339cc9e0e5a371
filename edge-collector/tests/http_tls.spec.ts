import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { DEFAULT_PORTS, WireError } from '../src/wire/contract.js'
import { createSession } from '../src/drivers/session.js'
import { Registry } from '../src/miners/registry.js'
import { httpAsk } from '../src/wire/http.js'
import { createWire } from '../src/wire/miner_wire.js'
import { selfSigned } from './support/self_signed.js'

const pair = selfSigned()

test.group('Edge | http over TLS', () => {
  test('take a certificate that nobody signed, and hold on to it', async ({ assert, cleanup }) => {
    let asked = 0
    const server = createServer(pair!, (_, response) => {
      asked++
      response.end('{"a":1}')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    cleanup(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const ports = { ...DEFAULT_PORTS, https: port }
    const target = { ip: '127.0.0.1', ports, connectMs: 1000 }
    const request = { path: '/', port: 'https' } as const

    const first = await httpAsk(target, request)
    const print = new X509Certificate(pair!.cert).fingerprint256.replaceAll(':', '')
    assert.deepInclude(first, { status: 200, text: '{"a":1}', certificateSha256: print })
    const again = await httpAsk({ ...target, pinnedSha256: print.toLowerCase() }, request)
    assert.equal(again.status, 200)

    const other = httpAsk({ ...target, pinnedSha256: '0'.repeat(64) }, request)
    const failure = await other.catch((error: unknown) => error)
    assert.instanceOf(failure, WireError)
    assert.equal((failure as WireError).kind, 'tls_changed')
    assert.equal(asked, 2)

    const plain = { ...target, ports: { ...ports, http: port } }
    const wrong = await httpAsk(plain, { path: '/' }).catch((error: unknown) => error)
    assert.instanceOf(wrong, WireError)
  }).skip(pair === null, 'openssl is not on this machine')

  test('trust a miner on first use, whatever it asks later, until somebody says otherwise', async ({
    assert,
    cleanup,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-pins-'))
    cleanup(() => rmSync(folder, { recursive: true }))
    const [first, second] = [pair!, selfSigned()!]
    const serve = async (keys: typeof first, port: number) => {
      const server = createServer(keys, (_, response) => void response.end('{"a":1}'))
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
      return {
        port: (server.address() as AddressInfo).port,
        end: () => {
          server.closeAllConnections()
          return new Promise((done) => server.close(done))
        },
      }
    }
    const key = 'mac:02:00:00:00:00:01'
    const ask = async (port: number) => {
      const registry = new Registry(join(folder, 'miners.db'), Date.now)
      const wire = createWire({
        ip: '127.0.0.1',
        ports: { https: port },
        certificate: {
          pinned: () => registry.certificateOf(key),
          learn: (sha256) => registry.pinCertificate(key, sha256),
        },
      })
      const session = createSession(wire)
      const answer = await session.ask('info', () => wire.json({ path: '/', port: 'https' }))
      registry.close()
      return answer ?? session.problems.map(({ kind }) => kind)
    }
    const real = await serve(first, 0)
    assert.deepEqual(await ask(real.port), { a: 1 })
    assert.deepEqual(await ask(real.port), { a: 1 })
    await real.end()
    const other = await serve(second, real.port)
    assert.deepEqual(await ask(real.port), ['tls_changed'])
    const registry = new Registry(join(folder, 'miners.db'), Date.now)
    assert.isTrue(registry.forgetCertificate(key))
    assert.isFalse(registry.forgetCertificate(key))
    registry.close()
    assert.deepEqual(await ask(real.port), { a: 1 })
    await other.end()
  }).skip(pair === null, 'openssl is not on this machine')
})
