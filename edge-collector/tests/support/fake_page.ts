import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A device with one page on a real socket. What it answers is bytes, so that it may be anything. */
export class FakePage {
  readonly #server = createServer((socket) => this.#serve(socket))
  readonly #sockets = new Set<Socket>()
  /** First lines of what was asked. */
  readonly asked: string[] = []
  /** Null: it never answers. */
  answer: string | null = null

  async listen(host = '127.0.0.1', port = 0): Promise<number> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** A good HTTP answer with this JSON. */
  say(value: unknown, status = '200 OK'): void {
    this.answer = http(typeof value === 'string' ? value : JSON.stringify(value), status)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      this.asked.push(bytes.toString('latin1').split('\r\n')[0]!)
      if (this.answer !== null) socket.end(this.answer)
    })
  }
}

/** An answer as servers give it. */
export const http = (body: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
