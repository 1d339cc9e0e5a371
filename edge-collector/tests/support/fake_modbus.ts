import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What a device does instead of the right thing. */
export type Mischief =
  | { type: 'exception'; code: number }
  | { type: 'silent' }
  | { type: 'bytes'; of: (request: Buffer, right: Buffer) => Buffer }
  | { type: 'hang_up' }
  | { type: 'slowly' }

/** Devices behind one gateway on a real socket: registers by unit, function and address. */
export class FakeModbus {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly registers = new Map<string, number>()
  /** Unit, function, address, count of each question. */
  readonly asked: [unit: number, fn: number, address: number, count: number][] = []
  /** What it says it is, by number of the object; null: it knows no such question. */
  identity: [id: number, text: string][] | null = null
  /** How many objects go into one answer. */
  objectsPerAnswer = 3
  connections = 0
  /** For the next questions, one each; null: this one goes well. */
  mischief: (Mischief | null)[] = []

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  async listen(host = '127.0.0.1', port = 0): Promise<number> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Words in hexadecimal from an address on. */
  set(unit: number, fn: number, address: number, words: string): void {
    const bytes = Buffer.from(words.replaceAll(' ', ''), 'hex')
    for (let index = 0; index < bytes.length / 2; index++) {
      this.registers.set(`${unit}/${fn}/${address + index}`, bytes.readUInt16BE(index * 2))
    }
  }

  /** Ends all connections, as a gateway does with those that nobody uses. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.dropConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    let bytes = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      // Another protocol.
      if (bytes.length >= 4 && bytes.readUInt16BE(2) !== 0) return void socket.destroy()
      while (bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt16BE(4)) {
        const length = 6 + bytes.readUInt16BE(4)
        this.#answer(socket, bytes.subarray(0, length))
        bytes = bytes.subarray(length)
      }
    })
  }

  #answer(socket: Socket, request: Buffer): void {
    const [unit, fn] = [request.readUInt8(6), request.readUInt8(7)]
    const right = fn === 0x2b ? this.#whoIsThere(request) : this.#words(request, unit, fn)
    const mischief = this.mischief.shift()
    if (!mischief) return void socket.write(right)
    if (mischief.type === 'hang_up') return void socket.destroy()
    if (mischief.type === 'bytes') return void socket.write(mischief.of(request, right))
    if (mischief.type === 'exception') {
      socket.write(frame(request, Buffer.from([fn | 0x80, mischief.code])))
    }
    if (mischief.type === 'slowly') {
      for (const byte of right) socket.write(Buffer.from([byte]))
    }
  }

  #words(request: Buffer, unit: number, fn: number) {
    const [address, count] = [request.readUInt16BE(8), request.readUInt16BE(10)]
    this.asked.push([unit, fn, address, count])
    return this.#right(request, { unit, fn, address, count })
  }

  /** Function 43/14, basic, in parts. */
  #whoIsThere(request: Buffer): Buffer {
    if (!this.identity) return frame(request, Buffer.from([0xab, 1]))
    const left = this.identity.filter(([id]) => id >= request.readUInt8(10))
    const said = left.slice(0, this.objectsPerAnswer)
    const next = left[this.objectsPerAnswer]?.[0]
    const objects = said.map(([id, text]) =>
      Buffer.concat([Buffer.from([id, text.length]), Buffer.from(text, 'latin1')])
    )
    const head = [0x2b, 0x0e, 1, 1, next === undefined ? 0 : 0xff, next ?? 0, said.length]
    return frame(request, Buffer.concat([Buffer.from(head), ...objects]))
  }

  #right(request: Buffer, asked: { unit: number; fn: number; address: number; count: number }) {
    const { unit, fn, address, count } = asked
    const pdu = Buffer.alloc(2 + count * 2)
    pdu.writeUInt8(fn, 0)
    pdu.writeUInt8(count * 2, 1)
    for (let index = 0; index < count; index++) {
      const word = this.registers.get(`${unit}/${fn}/${address + index}`)
      if (word === undefined) return frame(request, Buffer.from([fn | 0x80, 2]))
      pdu.writeUInt16BE(word, 2 + index * 2)
    }
    return frame(request, pdu)
  }
}

/** An answer with the head of its question. */
export function frame(request: Buffer, pdu: Buffer): Buffer {
  const head = Buffer.from(request.subarray(0, 7))
  head.writeUInt16BE(pdu.length + 1, 4)
  return Buffer.concat([head, pdu])
}
