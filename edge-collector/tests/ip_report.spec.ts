import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { type IpReport, listenForReports, parseIpReport } from '../src/discovery/ip_report.js'

const parse = (text: string) => parseIpReport(Buffer.from(text, 'latin1'))
const MAC = 'AA:BB:CC:00:11:22'

test.group('Edge discovery | IP reports', () => {
  test('understand Antminer and WhatsMiner', ({ assert }) => {
    assert.deepEqual(parse('10.1.2.3,aa:bb:cc:00:11:22'), { ip: '10.1.2.3', mac: MAC })
    assert.deepEqual(parse('10.1.2.3,aa:bb:cc:00:11:22\0\0'), { ip: '10.1.2.3', mac: MAC })
    assert.deepEqual(parse('IP:10.1.2.3 MAC:aa-bb-cc-00-11-22'), { ip: '10.1.2.3', mac: MAC })
    assert.deepEqual(parse('IP:10.1.2.3MAC:AA:BB:CC:00:11:22\n'), { ip: '10.1.2.3', mac: MAC })
  })

  const others = ['OK\0', 'OK\u000010.1.2.3,aa:bb:cc:00:11:22', '', '\0', '10.1.2.3', '10.1.2.3,zz']
  for (const other of [...others, '999.1.2.3,aa:bb:cc:00:11:22', 'x10.1.2.3,aa:bb:cc:00:11:22']) {
    test(`ignore ${JSON.stringify(other)}`, ({ assert }) => {
      assert.isNull(parse(other))
    })
  }

  test('ignore any other packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parseIpReport(bytes) === null)
    )
  })

  test('listen to machines that may be looked at, and to each of them once a minute', async ({
    assert,
    cleanup,
  }) => {
    const heard: IpReport[] = []
    const next: (() => void)[] = []
    let now = 0
    const { ports, close } = await listenForReports({
      isAllowed: (ip) => ip === '127.0.0.1' || ip === '127.0.0.3',
      onReport: (report) => {
        heard.push(report)
        next.shift()?.()
      },
      clock: () => now,
      ports: [0, 0],
      host: '127.0.0.1',
    })
    cleanup(close)
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    cleanup(() => {
      socket.close()
    })
    const send = (text: string, port = ports[0]!) => {
      const sent = Promise.withResolvers<void>()
      socket.send(text, port, '127.0.0.1', () => sent.resolve())
      return sent.promise
    }
    const report = async (text: string, port?: number) => {
      const came = new Promise<void>((resolve) => next.push(resolve))
      await send(text, port)
      await came
    }

    await send(`10.9.9.9,${MAC}`) // outside
    await send(`127.0.0.3,${MAC}`) // allowed, but another machine says so
    await send(`OK\x00127.0.0.1,${MAC}`)
    await report(`127.0.0.1,${MAC}`)
    now += 59_000
    await send(`127.0.0.1,${MAC}`)
    now += 2000
    await report(`IP:127.0.0.1 MAC:${MAC}`, ports[1])
    assert.deepEqual(heard, [
      { ip: '127.0.0.1', mac: MAC },
      { ip: '127.0.0.1', mac: MAC },
    ])
  })

  test('leave no port open when one of them is taken', async ({ assert, cleanup }) => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    cleanup(() => {
      taken.close()
    })
    const options = { isAllowed: () => true, onReport: () => {}, clock: () => 0, host: '127.0.0.1' }
    await assert.rejects(
      () => listenForReports({ ...options, ports: [0, taken.address().port] }),
      /EADDRINUSE/
    )
  })
})
