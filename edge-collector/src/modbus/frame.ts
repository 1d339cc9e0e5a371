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

/** The bytes of a question. Throws RangeError when it cannot be asked. */
export function questionBytes({ unit, fn, address, count }: Question, transaction: number): Buffer {
  if (count < 1 || count > MOST_WORDS) throw new RangeError(`${count} registers in one question`)
  if (address < 0 || address + count > 65_536) throw new RangeError(`no register ${address}`)
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16BE(transaction, 0)
  bytes.writeUInt16BE(6, 4)
  bytes.writeUInt8(unit, 6)
  bytes.writeUInt8(fn, 7)
  bytes.writeUInt16BE(address, 8)
  bytes.writeUInt16BE(count, 10)
  return bytes
}

export type Answer =
  { type: 'words'; bytes: Buffer } | { type: 'exception'; code: number } | { type: 'incomplete' }

/**
 * The answer to a question in what came so far. Throws BadFrame at the first byte that cannot be
 * part of it, so that nobody waits for the rest of nonsense.
 */
export function answerIn(bytes: Buffer, question: Question, transaction: number): Answer {
  if (bytes.length < HEAD) return { type: 'incomplete' }
  if (bytes.readUInt16BE(0) !== transaction) throw new BadFrame('answer to another question')
  if (bytes.readUInt16BE(2) !== 0) throw new BadFrame('not Modbus')
  const length = bytes.readUInt16BE(4)
  if (length < 3 || length > LONGEST_PDU + 1) throw new BadFrame(`length ${length}`)
  if (bytes.readUInt8(6) !== question.unit) throw new BadFrame('answer of another unit')
  const whole = length + HEAD - 1
  if (bytes.length > whole) throw new BadFrame('more than one answer')
  if (bytes.length < whole) return { type: 'incomplete' }
  return answerOf(bytes.subarray(HEAD, whole), question)
}

function answerOf(pdu: Buffer, { fn, count }: Question): Answer {
  const said = pdu.readUInt8(0)
  if (said === (fn | 0x80)) {
    if (pdu.length !== 2) throw new BadFrame('exception of a wrong length')
    return { type: 'exception', code: pdu.readUInt8(1) }
  }
  if (said !== fn) throw new BadFrame(`function ${said}`)
  if (pdu.readUInt8(1) !== count * 2 || pdu.length !== 2 + count * 2) {
    throw new BadFrame('another count of registers')
  }
  return { type: 'words', bytes: Buffer.from(pdu.subarray(2)) }
}
