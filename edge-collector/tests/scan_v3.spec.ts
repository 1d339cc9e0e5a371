import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { test } from '@japa/runner'
import { scanRanges } from '../src/discovery/scan_ranges.js'
import { whatsminer } from '../src/drivers/whatsminer/index.js'
import { createSession } from '../src/drivers/session.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { systemTime } from '../src/poll/time.js'
import { createWire } from '../src/wire/miner_wire.js'
import { type Machine, serveSite, tinyWhatsminer } from './support/loopback_site.js'
import { selfSigned } from './support/self_signed.js'
import { closeAll, listen, serveV3 } from './support/tcp_fixtures.js'
import { LOOPBACK, live, page } from './scan_setup.js'

const IP = '127.0.0.1'
const pair = selfSigned()

const v3Miner = (socket: Socket) =>
  serveV3(socket, ({ cmd }) =>
    cmd === 'get.device.info'
      ? { code: 0, when: 1, msg: { miner: { type: 'M60S_VK43' }, system: { api: '3.0.2' } } }
      : { code: -1, msg: 'invalid command' }
  )

const tlsServer = async (): Promise<Server> => {
  const server = createTlsServer({ key: pair!.key, cert: pair!.cert }, (socket) => socket.end())
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) => server.listen(0, IP, done))
  return server as unknown as Server
}

/** Who is found where this machine and this server on the port of V3 share an address. */
const scanWith = async (machine: Machine, v3: Server) => {
  const site = await serveSite({ [IP]: machine })
  try {
    const result = await scanRanges({
      ranges: [IP],
      networks: LOOPBACK,
      ports: { ...site.ports, v3: (v3.address() as AddressInfo).port },
      drivers: DRIVERS,
      time: systemTime,
      seed: 1,
      signal: live(),
    })
    return result.found.map(({ driver, model }) => ({ driver, model }))
  } finally {
    await site.close()
    await closeAll([v3])
  }
}

const OLDER = [{ driver: 'whatsminer', model: 'M30S+ VE40' }]
const NOISE: Record<string, (socket: Socket) => void> = {
  'says nothing': (socket) => void socket.resume(),
  'hangs up': (socket) => socket.resume().end(),
  'greets as SSH': (socket) => void socket.resume().write('SSH-2.0-OpenSSH_9.6\r\n'),
  'answers in frames of its own': (socket) => serveV3(socket, () => ({ code: 0, msg: {} })),
  'refuses every command': (socket) => serveV3(socket, () => ({ code: -1, msg: 'no' })),
}

test.group('Edge discovery | the port of WhatsMiner V3', () => {
  test('a machine that says who it is there is one', async ({ assert }) => {
    assert.deepEqual(await scanWith(tinyWhatsminer, await listen(v3Miner)), [
      { driver: 'whatsminer_v3', model: 'M60S VK40' },
    ])
  })

  for (const [name, handle] of Object.entries(NOISE)) {
    test(`who ${name} there is none`, async ({ assert }) => {
      assert.deepEqual(await scanWith(tinyWhatsminer, await listen(handle)), OLDER)
    }).timeout(20_000)
  }

  test('nor is a router with that port open', async ({ assert }) => {
    const router = page('<a href="/cgi-bin/luci">')
    assert.deepEqual(await scanWith(router, await listen(NOISE['greets as SSH']!)), [])
  })

  test('a TLS server there is none, alone and beside an older WhatsMiner', async ({ assert }) => {
    assert.deepEqual(await scanWith(tinyWhatsminer, await tlsServer()), OLDER)
    assert.deepEqual(await scanWith(page('<title>Login</title>'), await tlsServer()), [])
  }).skip(pair === null, 'openssl is not on this machine')

  test('new firmware without that port is spoken to the old way', async ({ assert }) => {
    const machine: Machine = {
      rpc: (command) =>
        command === 'get_version'
          ? { STATUS: 'S', Code: 131, Msg: { fw_ver: '20250214.16.Rel2' } }
          : (tinyWhatsminer as { rpc: (command: string) => unknown }).rpc(command),
    }
    const site = await serveSite({ [IP]: machine })
    try {
      const session = createSession(createWire({ ip: IP, ports: site.ports }))
      assert.equal((await whatsminer.confirm(session))?.driver, 'whatsminer')
    } finally {
      await site.close()
    }
  })
})
