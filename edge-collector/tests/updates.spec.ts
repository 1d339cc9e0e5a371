import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from '@japa/runner'
import { EDGE_PATH, type EdgeConfig, type Heartbeat } from '../protocol/messages.js'
import { configBytes, rawPublicKey, signBytes } from '../protocol/signing.js'
import { askRunning } from '../src/cli/running.js'
import { ownKey, saveMembership } from '../src/portal/identity.js'
import { readActive } from '../src/update/record.js'
import { FakePortal } from './support/fake_portal.js'
import { install, packed, sha256Of, shippedFiles } from './support/packed.js'

const ID = '11111111-2222-4333-8444-555555555555'
const BASE = '0.1.0+aaaaaaaaaaaa'
const NEXT = '0.1.0+bbbbbbbbbbbb'
const WORKS = `if (!process.argv.includes('--check')) `
const WAIT_MS = 30_000

async function until<T>(ask: () => Promise<T> | T, what: string): Promise<NonNullable<T>> {
  const end = Date.now() + WAIT_MS
  for (;;) {
    const got = await ask()
    if (got) return got
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await delay(50)
  }
}

/** A collector that was installed as people do, and a portal that can order versions. */
async function bench({ ahead = '', trialMs = 60_000 } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'edge-updates-'))
  const [home, state] = [join(root, 'installed'), join(root, 'state')]
  install(shippedFiles(BASE, ahead), home)
  // The launcher as it is, with less patience.
  const script = join(home, 'start.js')
  writeFileSync(
    script,
    `import { launch } from './src/launch/launcher.js'
     const stop = new AbortController()
     process.once('SIGTERM', () => stop.abort())
     process.exitCode = await launch({
       folder: ${JSON.stringify(state)},
       installed: { home: ${JSON.stringify(home)}, version: '${BASE}' },
       signal: stop.signal, log: (_, text) => console.error(text),
       trialMs: ${trialMs}, lookMs: 50, pauseMs: 10,
     })`
  )
  const tenant = generateKeyPairSync('ed25519')
  const portal = new FakePortal(ownKey(state), Date.now)
  saveMembership(state, {
    portal: (await portal.listen()).origin,
    collectorId: ID,
    name: 'Hall 1',
    site: { id: ID, name: 'North', timeZone: 'UTC' },
    configKey: rawPublicKey(tenant.publicKey),
    enrolledAt: Date.now(),
  })
  writeFileSync(join(state, 'edge.json'), JSON.stringify({ ipReports: false }), { mode: 0o600 })
  const tell = (update: EdgeConfig['update'], version: number, key = tenant.privateKey) => {
    const config: EdgeConfig = {
      version,
      collectorId: ID,
      ranges: [],
      pollSeconds: 30,
      detailSeconds: 300,
      scanHours: 0,
      scanRequest: 0,
      ignored: [],
      update: update ?? null,
    }
    const payload = Buffer.from(JSON.stringify(config))
    portal.answers.set(`${EDGE_PATH}/config`, {
      payload: payload.toString('base64url'),
      signature: signBytes(configBytes(payload), key),
    })
    portal.answers.set(`${EDGE_PATH}/heartbeat`, { time: Date.now(), configVersion: version })
  }
  let child: ChildProcess | undefined
  const said = { err: '' }
  return {
    state,
    said,
    portal,
    tell,
    stranger: generateKeyPairSync('ed25519').privateKey,
    /** Serves a package with these lines ahead of its command, and orders it. */
    order: async (lines = '', change = (bytes: Buffer) => bytes) => {
      const bytes = await packed(shippedFiles(NEXT, lines))
      portal.files.set(`${EDGE_PATH}/collector.tgz`, change(bytes))
      tell({ request: 1, version: NEXT, sha256: sha256Of(bytes), mayDowngrade: false }, 2)
    },
    start: () => {
      child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] })
      child.stderr!.on('data', (bytes) => (said.err += bytes))
      return child
    },
    beat: (is: (beat: Heartbeat) => boolean, what: string) =>
      until(() => (portal.messages.get(`${EDGE_PATH}/heartbeat`) as Heartbeat[])?.find(is), what),
    end: async () => {
      child?.kill('SIGTERM')
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'close')
      await portal.close()
      rmSync(root, { recursive: true })
    },
  }
}

test.group('Edge updates', (group) => {
  group.tap((one) => one.timeout(90_000))

  test('run the new version, and keep it when the portal answered it', async ({ assert }) => {
    const site = await bench()
    try {
      await site.order()
      site.start()
      await site.beat(({ version }) => version === BASE, 'the installed version')
      const beat = await site.beat(({ version }) => version === NEXT, 'the new version')
      assert.equal(beat.update?.state, 'trial')
      const active = await until(() => {
        const now = readActive(site.state)
        return now?.version === NEXT && now.trial === null ? now : null
      }, 'the proof')
      assert.deepInclude(active, { request: 1, installed: BASE, previous: null, failed: null })
      const status = await until(() => askRunning(site.state), 'the status')
      assert.deepInclude(status, { version: NEXT, isConfined: true })
      assert.deepInclude(status.update as object, { state: 'good', version: NEXT })
    } finally {
      await site.end()
    }
  })

  test('come back from a version that ends again and again, and say so', async ({ assert }) => {
    const site = await bench()
    try {
      await site.order(`${WORKS} process.exit(3)`)
      site.start()
      const beat = await site.beat(({ update }) => update?.state === 'failed', 'the report')
      assert.equal(beat.version, BASE)
      assert.equal(beat.update?.reason, 'it ended 3 times, the last time with code 3')
      assert.isFalse(existsSync(join(site.state, 'versions', NEXT)))
    } finally {
      await site.end()
    }
  })

  test('come back from a version that the portal never hears of', async ({ assert }) => {
    const site = await bench({ trialMs: 1500 })
    try {
      await site.order(
        `${WORKS} { process.stdin.on('close', () => process.exit()).resume(); await new Promise(() => {}) }`
      )
      site.start()
      const beat = await site.beat(({ update }) => update?.state === 'failed', 'the report')
      assert.equal(beat.version, BASE)
      assert.match(beat.update!.reason!, /answered no heartbeat/)
    } finally {
      await site.end()
    }
  })

  test('never start a version that cannot open its state, or was changed on the way', async ({
    assert,
  }) => {
    const broken = await bench()
    try {
      await broken.order(`throw new Error('broken')`)
      broken.start()
      const beat = await broken.beat(({ update }) => update?.state === 'failed', 'the report')
      assert.match(beat.update!.reason!, /does not start here/)
    } finally {
      await broken.end()
    }
    const tampered = await bench()
    try {
      await tampered.order('', (bytes) => Buffer.concat([bytes, Buffer.from('x')]))
      tampered.start()
      await until(() => /SHA-256 is/.test(tampered.said.err), `the refusal in ${tampered.said.err}`)
      const status = await until(() => askRunning(tampered.state), 'the status')
      assert.deepInclude(status.update as object, { state: 'failed' })
      assert.isNull(readActive(tampered.state)?.version ?? null)
    } finally {
      await tampered.end()
    }
  })

  test('are not taken from anybody but the tenant of the enrolment', async ({ assert }) => {
    const site = await bench()
    try {
      const bytes = await packed(shippedFiles(NEXT))
      site.portal.files.set(`${EDGE_PATH}/collector.tgz`, bytes)
      const order = { request: 1, version: NEXT, sha256: sha256Of(bytes), mayDowngrade: false }
      site.tell(order, 2, site.stranger)
      site.start()
      await until(() => /bad_signature/.test(site.said.err), 'the refusal')
      const status = await until(() => askRunning(site.state), 'the status')
      assert.isNull(status.update)
      assert.equal(status.version, BASE)
      assert.isFalse(existsSync(join(site.state, 'updates', `${order.sha256}.tgz`)))
    } finally {
      await site.end()
    }
  })

  test('happen in a process that can write its data and nothing else', async ({ assert }) => {
    const site = await bench({
      ahead: `import { writeFileSync as w, readFileSync as r } from 'node:fs'
        import { spawn } from 'node:child_process'
        import { Worker } from 'node:worker_threads'
        const state = process.argv.at(-1)
        const tell = (name, act) => {
          try { act(); console.error(name + ' was done') }
          catch (error) { console.error(name + ' ' + error.code) }
        }
        tell('key', () => w(state + '/key.pem', ''))
        tell('membership', () => w(state + '/identity.json', ''))
        tell('settings', () => w(state + '/edge.json', ''))
        tell('code', () => w(state + '/versions/active.json', ''))
        tell('itself', () => w(import.meta.filename, ''))
        tell('elsewhere', () => w(state + '/../elsewhere', ''))
        tell('passwd', () => r('/etc/passwd'))
        tell('process', () => spawn('true'))
        tell('thread', () => new Worker('1', { eval: true }))
        tell('data', () => w(state + '/updates/x', ''))`,
    })
    try {
      site.tell(null, 2)
      site.start()
      await site.beat(() => true, 'a heartbeat')
      const said = site.said.err.split('\n').filter((line) => /ERR_ACCESS|was done/.test(line))
      const refused = [
        ...['key', 'membership', 'settings', 'code', 'itself', 'elsewhere', 'passwd'],
        ...['process', 'thread'],
      ]
      assert.deepEqual(said, [
        ...refused.map((name) => `${name} ERR_ACCESS_DENIED`),
        'data was done',
      ])
      assert.isNotEmpty(readFileSync(join(site.state, 'key.pem'), 'utf8'))
    } finally {
      await site.end()
    }
  })

  test('end with their launcher, however it ends', async ({ assert }) => {
    const site = await bench()
    try {
      site.tell(null, 2)
      const launcher = site.start()
      const file = join(site.state, 'run.json')
      await until(() => existsSync(file), 'the collector')
      const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number }
      assert.notEqual(pid, launcher.pid)
      launcher.kill('SIGKILL')
      await until(() => !existsSync(file), 'the end')
    } finally {
      await site.end()
    }
  })
})
