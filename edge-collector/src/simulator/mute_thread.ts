import { createServer, type Server } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * A thread that listens and then sleeps: what listens in it is never accepted, so that the queue of
 * a listener stays full once it is, and the system drops whoever else knocks. See `mute.ts`.
 */
const flag = workerData as Int32Array
const servers = new Map<string, Server>()

const listen = (place: string): Promise<void> => {
  const [host, port] = place.split(':')
  // Who slips in while the thread is awake is heard by nobody either, until he leaves.
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  servers.set(place, server)
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen({ host, port: Number(port), backlog: 1 }, done)
  })
}

const apply = async (places: readonly string[]): Promise<void> => {
  for (const [place, server] of servers) {
    if (places.includes(place)) continue
    server.close()
    servers.delete(place)
  }
  await Promise.all(places.filter((place) => !servers.has(place)).map(listen))
}

parentPort?.on('message', (places: readonly string[]) => {
  Atomics.store(flag, 0, 0)
  void apply(places).then(() => {
    // Nothing is accepted between these two: the loop does not turn.
    parentPort?.postMessage('asleep')
    Atomics.wait(flag, 0, 0)
  })
})
