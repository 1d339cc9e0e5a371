/** The parts that need no running portal. Quick; run by npm test. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { explain } from '../../scripts/portal/errors.mjs'
import { isNewer, openHome } from '../../scripts/portal/home.mjs'
import { identity, isAlive, takeLock, withMutex } from '../../scripts/portal/locks.mjs'
import { parsePort, requirePort, freePort } from '../../scripts/portal/ports.mjs'
import { fingerprint } from '../../scripts/portal/stamps.mjs'

let folder
const at = (name) => path.join(folder, name)

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hi-parts-'))
  fs.chmodSync(folder, 0o755)
})
after(() => {
  delete process.env.PORTAL_HOME
  fs.rmSync(folder, { recursive: true, force: true })
})

const openAt = (home) => {
  process.env.PORTAL_HOME = home
  return openHome()
}

test('a new data folder is private and ours; a second opening is the same', async () => {
  const home = await openAt(at('new'))
  assert.equal(fs.statSync(home).mode & 0o007, 0)
  assert.equal(await openAt(at('new')), home)
})

test('a foreign folder is refused, an empty one is taken', async () => {
  fs.mkdirSync(at('foreign'))
  fs.writeFileSync(at('foreign/photo.jpg'), '')
  await assert.rejects(openAt(at('foreign')), /was not made by HashInsight/)
  fs.mkdirSync(at('empty'))
  await openAt(at('empty'))
})

test('data of a newer version or format is refused', async () => {
  const home = await openAt(at('newer'))
  const marker = path.join(home, 'hashinsight.json')
  const change = (facts) => {
    const now = JSON.parse(fs.readFileSync(marker, 'utf8'))
    fs.writeFileSync(marker, JSON.stringify({ ...now, ...facts }))
  }
  change({ version: '99.0.0' })
  await assert.rejects(openAt(at('newer')), /newer than this .* a downgrade is not possible/)
  change({ version: '0.0.1', format: 99 })
  await assert.rejects(openAt(at('newer')), /downgrade/)
})

test('a copied link to data is refused while the original is there', async () => {
  const home = await openAt(at('real'))
  fs.writeFileSync(
    path.join(home, 'hashinsight.json'),
    JSON.stringify({ format: 1, version: '0.0.1', link: at('link1') })
  )
  fs.symlinkSync(home, at('link1'))
  fs.symlinkSync(home, at('link2'))
  await openAt(at('link1'))
  await assert.rejects(openAt(at('link2')), /copied link/)
  fs.rmSync(at('link1'))
  await openAt(at('link2'))
})

test('versions compare as numbers', () => {
  assert.ok(isNewer('0.10.0', '0.9.9'))
  assert.ok(!isNewer('0.9.9', '0.10.0'))
  assert.ok(!isNewer('1.0.0', '1.0.0'))
})

test('a lock is held by a living process and healed after a dead one', () => {
  const file = at('a.lock')
  const first = takeLock(file)
  assert.ok(first.taken)
  assert.equal(takeLock(file).holder.pid, process.pid)
  first.release()
  const dead = { pid: process.pid, started: 'another boot:1', services: [1] }
  fs.writeFileSync(file, JSON.stringify(dead))
  const healed = takeLock(file)
  assert.ok(healed.taken)
  assert.deepEqual(healed.previous.services, [1])
})

test('a pid alone is not a process', () => {
  assert.ok(isAlive(identity()))
  assert.ok(!isAlive({ pid: process.pid, started: 'x' }))
  assert.ok(!isAlive({ pid: 2 ** 22 + 5, started: null }))
})

test('a mutex lets one in at a time', async () => {
  let inside = 0
  let most = 0
  const work = () =>
    withMutex(at('m.lock'), async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside--
    })
  await Promise.all([work(), work(), work()])
  assert.equal(most, 1)
})

test('ports', async () => {
  assert.equal(parsePort('80'), 80)
  for (const bad of ['', 'x', '70000', '-1']) assert.throws(() => parsePort(bad), /PORT must be/)
  await requirePort(await freePort(), '127.0.0.1')
  await assert.rejects(requirePort(3333, '203.0.113.7'), /Cannot listen on HOST=203/)
})

test('a fingerprint sees content, names and facts', () => {
  fs.mkdirSync(at('tree/plugins/a/data'), { recursive: true })
  const file = at('tree/plugins/a/data/x.csv')
  const stamp = (...facts) => fingerprint(at('tree'), ['plugins/*/data', 'missing'], ...facts)
  fs.writeFileSync(file, '1')
  const one = stamp()
  assert.equal(stamp(), one)
  assert.notEqual(stamp('demo'), one)
  fs.writeFileSync(file, '2')
  assert.notEqual(stamp(), one)
})

test('errors are one sentence', () => {
  const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/x' })
  assert.match(explain(full), /^The disk that holds \/x is full/)
  assert.equal(explain(new Error('a\nb')), 'a')
})
