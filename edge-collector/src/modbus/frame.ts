/** What a device answers instead of values, by its code (Modbus Application Protocol V1.1b3, 7). */
export const EXCEPTIONS: Record<number, string> = {
  1: 'illegal function',
  2: 'illegal address',
  3: 'illegal value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target does not answer',
}

/** Nobody stands behind the gateway at this unit. */
export const isUnitSilent = (code: number): boolean => code === 10 || code === 11

/** One question: so many registers from an address on. */
export interface Question {
  unit: number
  fn: 3 | 4
  address: number
  count: number
}

/** Anything that can be asked, and how its answer is understood. */
export interface Request<T> {
  unit: number
  /** Function and what belongs to it. Throws RangeError when it cannot be asked. */
  pdu: Buffer
  /** The same of an answer that is no exception. Throws BadFrame. */
  read(pdu: Buffer): T
}

/** Most registers of one question. */
export const MOST_WORDS = 125
/** Transaction, protocol, length, unit: everything before the function. */
const HEAD = 7
/** Function, count of bytes, the bytes. */
const LONGEST_PDU = 253

/** Why what came is no answer to what was asked. The connection is worth nothing after it. */
export class BadFrame extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'BadFrame'
  }
}

/** What is sent for a request. */
export function frameOf(
  { unit, pdu }: Pick<Request<unknown>, 'unit' | 'pdu'>,
  transaction: number
) {
  const head = Buffer.alloc(HEAD)
  head.writeUInt16BE(transaction, 0)
  head.writeUInt16BE(pdu.length + 1, 4)
  head.writeUInt8(unit, 6)
  return Buffer.concat([head, pdu])
}

/** Asks for registers. Throws RangeError when they cannot be asked for. */
export function wordsRequest({ unit, fn, address, count }: Question): Request<Buffer> {
  if (count < 1 || count > MOST_WORDS) throw new RangeError(`${count} registers in one question`)
  if (address < 0 || address + count > 65_536) throw new RangeError(`no register ${address}`)
  const pdu = Buffer.alloc(5)
  pdu.writeUInt8(fn, 0)
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(count, 3)
  return {
    unit,
    pdu,
    read: (answer) => {
      if (answer.readUInt8(1) !== count * 2 || answer.length !== 2 + count * 2) {
        throw new BadFrame('another count of registers')
      }
      return Buffer.from(answer.subarray(2))
    },
  }
}

export type Answer<T> =
  { type: 'said'; value: T } | { type: 'exception'; code: number } | { type: 'incomplete' }

/**
 * The answer to a request in what came so far. Throws BadFrame at the first byte that cannot be
 * part of it, so that nobody waits for the rest of nonsense.
 */
export function answerIn<T>(bytes: Buffer, request: Request<T>, transaction: number): Answer<T> {
  if (bytes.length < HEAD) return { type: 'incomplete' }
  if (bytes.readUInt16BE(0) !== transaction) throw new BadFrame('answer to another question')
  if (bytes.readUInt16BE(2) !== 0) throw new BadFrame('not Modbus')
  const length = bytes.readUInt16BE(4)
  if (length < 3 || length > LONGEST_PDU + 1) throw new BadFrame(`length ${length}`)
  if (bytes.readUInt8(6) !== request.unit) throw new BadFrame('answer of another unit')
  const whole = length + HEAD - 1
  if (bytes.length > whole) throw new BadFrame('more than one answer')
  if (bytes.length < whole) return { type: 'incomplete' }
  return answerOf(bytes.subarray(HEAD, whole), request)
}

function answerOf<T>(pdu: Buffer, { pdu: asked, read }: Request<T>): Answer<T> {
  const [said, fn] = [pdu.readUInt8(0), asked.readUInt8(0)]
  if (said === (fn | 0x80)) {
    if (pdu.length !== 2) throw new BadFrame('exception of a wrong length')
    return { type: 'exception', code: pdu.readUInt8(1) }
  }
  if (said !== fn) throw new BadFrame(`function ${said}`)
  return { type: 'said', value: read(pdu) }
}
