/**
 * Machines of loopback in a process of their own: `live` ones answer the mining API, `silent` ones
 * never take a connection, `fillers` fill the queues of silent ones. Started by scan_sites.ts.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What the process is told to be. */
export interface SiteOrder {
  role: 'live' | 'silent' | 'fillers'
  addresses: string[]
  port: number
}

/** Connections that a queue of one takes, whose owner does not look: it and one more. */
const PER_QUEUE = 2
const ACCEPTED = JSON.stringify({
  STATUS: [{ STATUS: 'S', When: 0, Code: 22, Msg: 'CGMiner versions', Description: 'bench' }],
  VERSION: [{ BMMiner: '1.0.0', API: '3.1', Miner: 'bench', Type: 'Antminer S19 Pro' }],
  id: 1,
})
const REFUSED = JSON.stringify({
  STATUS: [{ STATUS: 'E', When: 0, Code: 14, Msg: 'Invalid command', Description: 'bench' }],
  id: 1,
})

const serve = (socket: Socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', (bytes) => {
    const isKnown = bytes.toString('latin1').includes('"version"')
    socket.end(`${isKnown ? ACCEPTED : REFUSED}\0`)
  })
}

const listen = (host: string, port: number, backlog: number) =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer(serve).once('error', reject)
    server.listen({ host, port, backlog }, () => resolve(server))
  })

const fill = (host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port }).once('connect', () => resolve())
    socket.once('error', reject)
  })

const WORK: Record<SiteOrder['role'], (host: string, port: number) => Promise<unknown>> = {
  live: (host, port) => listen(host, port, 128),
  silent: (host, port) => listen(host, port, 1),
  fillers: async (host, port) => {
    for (let no = 0; no < PER_QUEUE; no++) await fill(host, port)
  },
}

process.once('message', async (order) => {
  const { role, addresses, port } = order as SiteOrder
  for (const host of addresses) await WORK[role](host, port)
  process.send?.('ready')
})
process.once('disconnect', () => process.exit())
