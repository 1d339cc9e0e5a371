import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { checkDiscovery } from '../protocol/messages.js'
import { scanRanges } from '../src/discovery/scan_ranges.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { systemTime } from '../src/poll/time.js'
import { closed, listen, serveFixture } from './support/fixture_server.js'
import { isHere, NOT_HERE } from './support/shared_fixtures.js'
import { LOOPBACK, live } from './scan_setup.js'

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
