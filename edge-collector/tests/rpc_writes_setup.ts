import type { Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { emptyReading } from '../protocol/record.js'
import type { Driver, MinerCommand } from '../src/drivers/contract.js'
import type { Credentials } from '../src/wire/contract.js'
import { createWire } from '../src/wire/miner_wire.js'
import { closeAll, listen, serveRpc, serveV3 } from './support/tcp_fixtures.js'

export const ADMIN: Credentials = { user: 'admin', password: 'secret' }
export const yes = (body = {}) => ({
  STATUS: [{ STATUS: 'S', Code: 1, Msg: 'ok', When: 1_000 }],
  ...body,
})
export const no = (Code: number, Msg: string) => ({ STATUS: 'E', Code, Msg })
/** Obeys and hangs up without a word. */
export const LOST = Symbol('lost')

/** A miner that answers as told and remembers what it was asked. */
export const fakeRpc = async (answer: (request: any) => unknown, isV3 = false) => {
  const seen: any[] = []
  const server: Server = await listen((socket) => {
    const reply = (request: any) => {
      seen.push(request)
      const given = answer(request)
      if (given === LOST) socket.destroy()
      return given === LOST ? {} : given
    }
    if (isV3) serveV3(socket, reply)
    else serveRpc(socket, reply)
  })
  const { port } = server.address() as AddressInfo
  const ports = { rpc: port, v3: port, http: 1, https: 1, rest: 1 }
  return {
    seen,
    act: (driver: Driver, command: MinerCommand, credentials: Credentials | null = ADMIN) =>
      driver.act!(
        createWire({ ip: '127.0.0.1', ports, credentials, deadlineMs: 3000, askMs: 500 }),
        command,
        emptyReading()
      ),
    close: () => closeAll([server]),
  }
}

export type FakeRpc = Awaited<ReturnType<typeof fakeRpc>>

export const withMiner = async (
  answer: (request: any) => unknown,
  run: (miner: FakeRpc) => Promise<void>,
  isV3 = false
) => {
  const miner = await fakeRpc(answer, isV3)
  try {
    await run(miner)
  } finally {
    await miner.close()
  }
}
