import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { defineError } from '#core/errors'

/** Bytes that are no archive, or one of a kind that office programs do not write. */
export const E_ZIP_UNREADABLE = defineError(
  'The archive could not be read',
  'E_ZIP_UNREADABLE',
  422
)

/** An archive that grows beyond what its reader takes. */
export const E_ZIP_TOO_LARGE = defineError(
  'The archive holds more than is accepted',
  'E_ZIP_TOO_LARGE',
  413
)

const END = 0x06_05_4b_50
const ENTRY = 0x02_01_4b_50
const LOCAL = 0x04_03_4b_50
const DESCRIPTOR = 0x08_07_4b_50
const STORED = 0
const DEFLATED = 8
const MOST_ENTRIES = 2_000
const FLAG_ENCRYPTED = 1
const FLAG_DESCRIPTOR = 8
const FLAG_UTF8 = 0x08_00
const LONGEST_COMMENT = 0xff_ff
const END_SIZE = 22

interface Entry {
  name: string
  method: number
  size: number
  offset: number
}

/** An archive in memory. Its members are inflated as they are read, never further than `maxBytes`. */
export class ZipArchive {
  private readonly entries = new Map<string, Entry>()
  private inflated = 0

  /** Throws E_ZIP_UNREADABLE. `maxBytes` is for everything that is ever read from it, together. */
  constructor(
    private readonly bytes: Buffer,
    private readonly maxBytes: number
  ) {
    try {
      for (const entry of entriesOf(bytes)) this.entries.set(entry.name, entry)
    } catch (error) {
      throw error instanceof RangeError ? new E_ZIP_UNREADABLE() : error
    }
  }

  has(name: string) {
    return this.entries.has(name)
  }

  /** The bytes of a member, piece by piece. Throws E_ZIP_UNREADABLE or E_ZIP_TOO_LARGE. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const packed = this.packed(name)
    const pieces = packed.method === STORED ? [packed.bytes] : inflate(packed.bytes)
    for await (const piece of pieces) {
      this.inflated += piece.length
      if (this.inflated > this.maxBytes) throw new E_ZIP_TOO_LARGE()
      yield piece
    }
  }

  /** A member as text. */
  async text(name: string) {
    const pieces: Buffer[] = []
    for await (const piece of this.read(name)) pieces.push(piece)
    return Buffer.concat(pieces).toString('utf8')
  }

  private packed(name: string) {
    const entry = this.entries.get(name)
    if (!entry) throw new E_ZIP_UNREADABLE()
    const { offset, size, method } = entry
    const isLocal = offset + 30 <= this.bytes.length && this.bytes.readUInt32LE(offset) === LOCAL
    if (!isLocal) throw new E_ZIP_UNREADABLE()
    const start =
      offset + 30 + this.bytes.readUInt16LE(offset + 26) + this.bytes.readUInt16LE(offset + 28)
    if (start + size > this.bytes.length) throw new E_ZIP_UNREADABLE()
    return { method, bytes: this.bytes.subarray(start, start + size) }
  }
}

async function* inflate(bytes: Buffer): AsyncGenerator<Buffer> {
  const stream = Readable.from([bytes], { objectMode: false }).pipe(createInflateRaw())
  try {
    yield* stream
  } catch {
    throw new E_ZIP_UNREADABLE()
  }
}

/** The directory at the end is what counts: pieces before it may be left-overs. */
function entriesOf(bytes: Buffer): Entry[] {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > MOST_ENTRIES) throw new E_ZIP_TOO_LARGE()
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new E_ZIP_UNREADABLE()
    const method = bytes.readUInt16LE(at + 10)
    const isEncrypted = (bytes.readUInt16LE(at + 8) & FLAG_ENCRYPTED) !== 0
    if (isEncrypted || ![STORED, DEFLATED].includes(method)) throw new E_ZIP_UNREADABLE()
    const nameLength = bytes.readUInt16LE(at + 28)
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method,
      size: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return entries
}

function endOf(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_SIZE - LONGEST_COMMENT)
  for (let at = bytes.length - END_SIZE; at >= first; at--) {
    if (bytes.readUInt32LE(at) === END) return at
  }
  throw new E_ZIP_UNREADABLE()
}

/** A member to be written; its text is asked for when its turn comes. */
export interface ZipMember {
  name: string
  text: Iterable<string> | AsyncIterable<string>
}

interface Written {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/** Writes an archive piece by piece, so that members of any size need little memory. */
export async function* zipOf(members: Iterable<ZipMember>): AsyncGenerator<Buffer> {
  const written: Written[] = []
  let offset = 0
  for (const member of members) {
    const one: Written = { name: Buffer.from(member.name), crc: 0, packed: 0, size: 0, offset }
    const head = localHead(one.name)
    yield head
    yield* deflated(member.text, one)
    const tail = descriptor(one)
    yield tail
    offset += head.length + one.packed + tail.length
    written.push(one)
  }
  const directory = Buffer.concat(written.map(directoryEntry))
  yield directory
  yield endRecord(written.length, directory.length, offset)
}

async function* deflated(text: ZipMember['text'], one: Written): AsyncGenerator<Buffer> {
  const counted = async function* () {
    for await (const piece of text) {
      const bytes = Buffer.from(piece)
      one.crc = crc32(bytes, one.crc)
      one.size += bytes.length
      yield bytes
    }
  }
  const pack: Transform = createDeflateRaw({ level: 6 })
  const feeding = pipeline(Readable.from(counted(), { objectMode: false }), pack)
  // Whatever goes wrong while feeding also ends the reading below; it must not end the process.
  feeding.catch(() => undefined)
  for await (const piece of pack as AsyncIterable<Buffer>) {
    one.packed += piece.length
    yield piece
  }
  await feeding
}

function localHead(name: Buffer) {
  const head = Buffer.alloc(30)
  head.writeUInt32LE(LOCAL, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(FLAG_DESCRIPTOR | FLAG_UTF8, 6)
  head.writeUInt16LE(DEFLATED, 8)
  head.writeUInt16LE(DOS_DATE, 12)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, name])
}

/** 1980-01-01: the same content gives the same bytes. */
const DOS_DATE = 0x00_21

function descriptor({ crc, packed, size }: Written) {
  const tail = Buffer.alloc(16)
  tail.writeUInt32LE(DESCRIPTOR, 0)
  tail.writeUInt32LE(crc, 4)
  tail.writeUInt32LE(packed, 8)
  tail.writeUInt32LE(size, 12)
  return tail
}

function directoryEntry({ name, crc, packed, size, offset }: Written) {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(ENTRY, 0)
  entry.writeUInt16LE(20, 4)
  entry.writeUInt16LE(20, 6)
  entry.writeUInt16LE(FLAG_DESCRIPTOR | FLAG_UTF8, 8)
  entry.writeUInt16LE(DEFLATED, 10)
  entry.writeUInt16LE(DOS_DATE, 14)
  entry.writeUInt32LE(crc, 16)
  entry.writeUInt32LE(packed, 20)
  entry.writeUInt32LE(size, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(offset, 42)
  return Buffer.concat([entry, name])
}

function endRecord(count: number, length: number, offset: number) {
  const end = Buffer.alloc(END_SIZE)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
