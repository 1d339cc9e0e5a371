import { parseRange } from '../protocol/ranges.js'
import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { checkDiscovery } from '../protocol/messages.js'
import { examine } from '../src/discovery/examine.js'
import type { Knocked } from '../src/discovery/knock.js'
import { addressesOf } from '../src/discovery/ranges.js'
import { scan } from '../src/discovery/scan.js'
import { type ScanProgress, scanRanges } from '../src/discovery/scan_ranges.js'
import { Concurrency, TokenBucket } from '../src/discovery/throttle.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { systemTime } from '../src/poll/time.js'
import { FakeTime } from './support/fake_time.js'
import { closed, listen, serveFixture } from './support/fixture_server.js'
import { type Machine, serveSite, tinyMiner, tinyWhatsminer } from './support/loopback_site.js'
import { isHere, NOT_HERE } from './support/shared_fixtures.js'
import { closeAll, listen as listenTcp, serveRpc } from './support/tcp_fixtures.js'

const LOOPBACK = ['127.0.0.0/8']
const live = () => new AbortController().signal
const page = (text: string, status = 200, headers = {}): Machine => ({
  page: { status, headers, text },
})
const digest = (realm: string) => ({
  'www-authenticate': `Digest realm="${realm}", qop="auth", nonce="c5b1a2", algorithm=MD5`,
})

/** The knock, the question, and whether it is HTTP. */
const MUTE_CONNECTIONS = 3

/** What answers at a site and is no miner; each is taken for one by some tool. */
const OTHERS: Record<string, Machine> = {
  '127.9.0.3': page('<title>Router login</title>'),
  '127.9.0.9': page('', 401, digest('printer')),
  '127.9.0.17': page('<title>My blog about Nerd miners and AxeOS</title>'),
  '127.9.0.23': page('<a href="/cgi-bin/luci">LuCI</a>'),
  '127.9.0.31': page('', 307, { location: 'https://127.9.0.31/' }),
  '127.9.0.33': page('<title>Miner UI</title> amazeui Braiins OS AnthillOS Avalon'),
  '127.9.0.41': page('', 401, { 'www-authenticate': 'Basic realm="antMiner Configuration"' }),
}

test.group('Edge discovery | scan of a site', () => {
  test('find all miners and nothing else, and contact nobody else', async ({ assert, cleanup }) => {
    const miners = ['127.9.0.1', '127.9.0.2', '127.9.0.30', '127.9.0.44', '127.9.0.62']
    const outside = ['127.9.0.64', '127.9.1.1', '127.8.255.254']
    const machines = [...miners, ...outside].map((ip) => [ip, tinyMiner] as const)
    const site = await serveSite({
      ...Object.fromEntries(machines),
      '127.9.0.44': tinyWhatsminer,
      ...OTHERS,
    })
    cleanup(site.close)
    const steps: ScanProgress[] = []
    const result = await scanRanges({
      // Twice the same address is one address.
      ranges: ['127.9.0.0/26', '127.9.0.30'],
      networks: LOOPBACK,
      ports: site.ports,
      drivers: DRIVERS,
      time: systemTime,
      seed: 1,
      signal: live(),
      onProgress: (progress) => steps.push(progress),
    })
    assert.deepEqual(
      result.found.map(({ ip, miner, driver, model }) => [ip, miner, driver, model]),
      miners.map((ip) =>
        ip === '127.9.0.44'
          ? [ip, `ip:${ip}`, 'whatsminer', 'M30S+ VE40']
          : [ip, `ip:${ip}`, 'antminer', 'S19 Pro']
      )
    )
    assert.equal(result.addresses, 62)
    assert.equal(result.others, Object.keys(OTHERS).length)
    assert.equal(result.silent, 0)
    assert.deepEqual(steps.at(-1), { addresses: 62, asked: 62, found: miners.length })
    for (const ip of outside) {
      assert.deepEqual(
        site.asked.filter((question) => question.startsWith(`${ip} `)),
        []
      )
    }
    assert.deepEqual(site.logins, [], 'nobody configured a password')
    const posts = site.asked.filter((question) => / (POST|PUT|PATCH|DELETE) /.test(question))
    assert.deepEqual(
      posts.filter((question) => /login|unlock|token/.test(question)),
      []
    )
  })

  test('ask once more who took the connection and said nothing', async ({ assert, cleanup }) => {
    let connections = 0
    const server = await listenTcp((socket) => {
      if (++connections <= MUTE_CONNECTIONS) return socket.resume().end()
      return serveRpc(socket, (request) => (tinyMiner as any).rpc(request.command))
    })
    cleanup(() => closeAll([server]))
    const { found } = await scanRanges({
      ranges: ['127.0.0.1'],
      networks: LOOPBACK,
      ports: { rpc: (server.address() as AddressInfo).port, http: 1, https: 1, v3: 1, rest: 1 },
      drivers: DRIVERS,
      time: systemTime,
      seed: 1,
      signal: live(),
    })
    assert.deepEqual(
      found.map(({ driver }) => driver),
      ['antminer']
    )
  })

  test('lose one machine to a bug in a driver and not the scan, and say which', async ({
    assert,
    cleanup,
  }) => {
    const site = await serveSite({ '127.9.4.1': tinyMiner, '127.9.4.2': tinyWhatsminer })
    cleanup(site.close)
    const broken = DRIVERS.map((driver) =>
      driver.name === 'whatsminer'
        ? { ...driver, read: () => Promise.reject(new TypeError('a bug')) }
        : driver
    )
    const options = {
      ranges: ['127.9.4.0/29'],
      networks: LOOPBACK,
      ports: site.ports,
      drivers: broken,
      time: systemTime,
      seed: 1,
      signal: live(),
    }
    const faults: string[] = []
    const { found } = await scanRanges({
      ...options,
      onFault: (ip, error) => faults.push(`${ip} ${(error as Error).message}`),
    })
    assert.deepEqual(
      found.map(({ ip }) => ip),
      ['127.9.4.1']
    )
    assert.deepEqual(faults, ['127.9.4.2 a bug'])
    await assert.rejects(() => scanRanges(options), 'a bug')
  })

  test('contact nobody outside of the networks, whatever the ranges say', async ({
    assert,
    cleanup,
  }) => {
    const site = await serveSite({ '127.9.2.1': tinyMiner })
    cleanup(site.close)
    const options = { ports: site.ports, drivers: DRIVERS, time: systemTime, seed: 1 }
    const ranges = ['127.9.2.0/30']
    const result = await scanRanges({ ...options, ranges, signal: live() })
    assert.equal(result.addresses, 0)
    assert.deepEqual(result.found, [])
    const listener = { ip: '127.9.2.1', rpc: true, http: true }
    const clock = Date.now
    assert.isNull(await examine(listener, { ...options, clock, isAllowed: () => false }))
    assert.deepEqual(site.asked, [])
  })

  test('ask an HTTP server on the port of the mining API no more than that', async ({
    assert,
    cleanup,
  }) => {
    const site = await serveSite({ '127.9.3.1': page('<title>Grafana</title>') })
    cleanup(site.close)
    const { found, others } = await scanRanges({
      ranges: ['127.9.3.1'],
      networks: LOOPBACK,
      ports: { ...site.ports, rpc: site.ports.http },
      drivers: DRIVERS,
      time: systemTime,
      seed: 1,
      signal: live(),
    })
    assert.deepEqual(found, [])
    assert.equal(others, 1)
  })
})

/** Recorded miners that say in their answers who they are, and the driver that speaks to them. */
const BY_API: Record<string, string> = {
  'antminer/stock-s19pro-2022-12': 'antminer',
  'auradine/fluxos-2023.12-at1500': 'auradine',
  'avalon/a1246-21072802': 'avalon',
  'avalon/q-25052801-idle': 'avalon',
  'braiins/os-21.09-s9': 'braiins_graphql',
  'cgminer/4.11.1-no-devices': 'cgminer',
  'epic/powerplay-1.5.13-s19xp': 'epic',
  'luxos/2025.4.8-s19kpro': 'luxos',
  'scrypt-blackminer/hammer-d10-2023-05-28': 'blackminer',
  'scrypt-elphapex/1.0.2-dg1plus': 'elphapex',
  'sealminer/2025091001-a2': 'sealminer',
  'whatsminer/api3.0.2-m60s-20251209-errors': 'whatsminer_v3',
}
/** Others are told by their page first, which was not recorded. */
const BY_PAGE: Record<string, [page: string, driver: string]> = {
  'bitaxe/axeos-2.4.5-supra': ['<title>AxeOS</title>', 'axeos'],
  'braiins/os-25.07-s19xp': ['<title>Braiins OS</title>', 'braiins_rest'],
  'braiins/os-25.11-s19xp': ['<title>Braiins OS</title>', 'braiins_rest'],
  'nerdaxe/nerdqaxe-constructed': ['<title>NerdQAxe</title>', 'axeos'],
  'proto/os-1.8.0-rig': ['<title>Proto OS</title>', 'proto'],
  'vnish/1.2.7-s19jpro-constructed': ['<title>AnthillOS</title>', 'vnish'],
}

/** A page at `/` before a server that has none. */
const withPage = async (text: string, port: number) => {
  const server = await listen((request, response, body) => {
    if (request.url === '/') return response.end(text)
    const { method, url: path, headers } = request
    const asked = httpRequest({ port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    return asked.end(body)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => void (await closed(server)),
  }
}

test.group('Edge discovery | scan of recorded miners', () => {
  const cases = [
    ...Object.entries(BY_API).map(([folder, driver]) => ({ folder, driver, page: null })),
    ...Object.entries(BY_PAGE).map(([folder, [text, driver]]) => ({ folder, driver, page: text })),
  ]
  for (const { folder, driver, page: text } of cases) {
    test(`find ${folder}`, async ({ assert, cleanup }) => {
      const { ports, credentials, close } = await serveFixture(folder)
      cleanup(close)
      const front = text === null ? null : await withPage(text, ports.http)
      if (front) cleanup(front.close)
      const { found } = await scanRanges({
        ranges: ['127.0.0.1'],
        networks: LOOPBACK,
        ports: { ...ports, ...(front ? { http: front.port } : {}) },
        credentials,
        drivers: DRIVERS,
        time: systemTime,
        seed: 1,
        signal: live(),
      })
      assert.deepEqual(
        found.map((one) => one.driver),
        [driver]
      )
      const now = 1_770_000_000_000
      const report = { scanId: randomUUID(), startedAt: now, finishedAt: now, addresses: 1 }
      assert.isNull(checkDiscovery({ ...report, rangeId: null, isPartial: false, found }))
    }).skip(!isHere, NOT_HERE)
  }
})

test.group('Edge discovery | rounds', () => {
  const addresses = addressesOf([parseRange('10.0.0.1-10.0.0.200')!], 3)
  const base = { addresses, ports: { rpc: 1, http: 2 }, signal: live() }
  const examineAll = ({ ip }: { ip: string }) => Promise.resolve(ip)

  test('knock once more, and longer, where it was silent; where it refused not', async ({
    assert,
  }) => {
    const knocks = new Map<string, number[]>()
    const { found, silent } = await scan<string>({
      ...base,
      time: systemTime,
      examine: examineAll,
      knock: (ip, port, ms) => {
        if (port === 2) return Promise.resolve('refused')
        const before = knocks.get(ip) ?? []
        knocks.set(ip, [...before, ms])
        const no = Number(ip.split('.')[3])
        const late: Knocked = before.length > 0 ? 'open' : 'silent'
        return Promise.resolve(no === 7 ? late : no === 8 ? 'silent' : 'refused')
      },
    })
    assert.deepEqual(found, ['10.0.0.7'])
    assert.equal(silent, 1)
    assert.deepEqual(knocks.get('10.0.0.7'), [1000, 3000])
    assert.deepEqual(knocks.get('10.0.0.8'), [1000, 3000])
    assert.deepEqual(knocks.get('10.0.0.9'), [1000])
  })

  test('keep to the limit of addresses at a time and of connections a second', async ({
    assert,
  }) => {
    const time = new FakeTime(0)
    let active = 0
    let most = 0
    const done = scan<string>({
      ...base,
      time,
      limits: { concurrent: 20, connectionsPerSecond: 100 },
      examine: examineAll,
      knock: async (_ip, port, ms) => {
        if (port === 2) return 'refused'
        most = Math.max(most, ++active)
        await time.sleep(ms)
        active--
        return 'refused'
      },
    })
    let isDone = false
    void done.finally(() => (isDone = true))
    await time.until(() => isDone)
    await done
    assert.isAtMost(most, 20)
    // 200 addresses, two connections each, 100 of these a second; ten may come at once.
    assert.isAtLeast(time.monotonic(), 3900)
  })

  test('contact nobody any more once it is broken off', async ({ assert }) => {
    const stop = new AbortController()
    let knocks = 0
    const { found } = await scan<string>({
      ...base,
      signal: stop.signal,
      time: systemTime,
      examine: examineAll,
      knock: () => {
        if (++knocks === 20) stop.abort()
        return Promise.resolve('silent')
      },
    })
    assert.deepEqual(found, [])
    assert.isAtMost(knocks, 22)
  })

  test('fail with the first fault of ours', async ({ assert }) => {
    const fault = new TypeError('a bug')
    await assert.rejects(
      () =>
        scan<string>({
          ...base,
          time: systemTime,
          examine: () => Promise.reject(fault),
          knock: () => Promise.resolve('open'),
        }),
      'a bug'
    )
  })
})

test.group('Edge discovery | throttle', () => {
  test('fewer at once while this process is late, more again when it is not', ({ assert }) => {
    const concurrency = new Concurrency(1000)
    concurrency.observe(500)
    assert.equal(concurrency.limit, 500)
    for (let lag = 0; lag < 20; lag++) concurrency.observe(500)
    assert.equal(concurrency.limit, 50)
    for (let lag = 0; lag < 100; lag++) concurrency.observe(0)
    assert.equal(concurrency.limit, 1000)
  })

  test('a tenth of a second at once, then so many a second', ({ assert }) => {
    const bucket = new TokenBucket(100)
    const waits = Array.from({ length: 12 }, () => bucket.take(0))
    assert.deepEqual(waits.slice(0, 10), Array(10).fill(0))
    assert.deepEqual(waits.slice(10), [10, 20])
    assert.equal(bucket.take(1000), 0)
  })
})
