import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { examine } from '../src/discovery/examine.js'
import { type ScanProgress, scanRanges } from '../src/discovery/scan_ranges.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { systemTime } from '../src/poll/time.js'
import { serveSite, tinyMiner, tinyWhatsminer } from './support/loopback_site.js'
import { closeAll, listen as listenTcp, serveRpc } from './support/tcp_fixtures.js'
import { LOOPBACK, live, page, MUTE_CONNECTIONS, OTHERS } from './scan_setup.js'

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
