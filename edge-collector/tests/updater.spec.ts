import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { createTransport } from '../src/portal/transport.js'
import { layoutOf } from '../src/update/layout.js'
import { Updater } from '../src/update/updater.js'
import { packed, sha256Of, shippedFiles } from './support/packed.js'

const NEXT = '0.2.0+bbbbbbbbbbbb'

async function bench({ version = '0.1.0', isSupervised = true, mayDowngrade = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-updater-'))
  const bytes = await packed(shippedFiles(NEXT))
  const served = { isCut: false, asked: 0 }
  const server = createServer((_, response) => {
    served.asked++
    response.writeHead(200, { 'content-length': bytes.length })
    if (!served.isCut) return void response.end(bytes)
    response.write(bytes.subarray(0, 1000), () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const transport = createTransport(new URL(`http://127.0.0.1:${port}`))
  const order = { request: 7, version: NEXT, sha256: sha256Of(bytes), mayDowngrade }
  let staged = 0
  const updater = new Updater({
    folder,
    version,
    isSupervised,
    transport,
    log: () => {},
    order: () => order,
    onStaged: () => staged++,
  })
  return {
    served,
    updater,
    staged: () => staged,
    isKept: () => existsSync(layoutOf(folder).packed(order.sha256)),
    reached: () => updater.reached(new AbortController().signal),
    async end() {
      transport.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      rmSync(folder, { recursive: true })
    },
  }
}

test.group('Edge updater', () => {
  test('keeps nothing of a download that is cut off, and tries again', async ({ assert }) => {
    const site = await bench()
    site.served.isCut = true
    await site.reached()
    assert.deepInclude(site.updater.report, { request: 7, state: 'fetching' })
    assert.isString(site.updater.report!.reason)
    assert.isFalse(site.isKept())
    site.served.isCut = false
    await site.reached()
    assert.deepInclude(site.updater.report, { state: 'staged', reason: null })
    assert.deepEqual([site.isKept(), site.staged(), site.served.asked], [true, 1, 2])
    await site.reached()
    assert.equal(site.served.asked, 2)
    await site.end()
  })

  test('refuses to go back, once, unless the order says so', async ({ assert }) => {
    const site = await bench({ version: '0.3.0' })
    await site.reached()
    await site.reached()
    assert.deepInclude(site.updater.report, { state: 'failed' })
    assert.match(site.updater.report!.reason!, /older than 0\.3\.0/)
    assert.deepEqual([site.isKept(), site.served.asked], [false, 1])
    await site.end()
    const meant = await bench({ version: '0.3.0', mayDowngrade: true })
    await meant.reached()
    assert.deepInclude(meant.updater.report, { state: 'staged' })
    await meant.end()
  })

  test('fetches nothing where no launcher would start it, nor what runs already', async ({
    assert,
  }) => {
    const alone = await bench({ isSupervised: false })
    await alone.reached()
    assert.deepInclude(alone.updater.report, { state: 'failed' })
    const same = await bench({ version: NEXT })
    await same.reached()
    assert.deepInclude(same.updater.report, { state: 'good', reason: null })
    assert.deepEqual([alone.served.asked, same.served.asked], [0, 0])
    await alone.end()
    await same.end()
  })
})
