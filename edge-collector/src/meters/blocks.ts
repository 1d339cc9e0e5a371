import { MOST_WORDS } from '../modbus/frame.js'

/** Registers that belong together: a value, a flag, the sockets of a PDU. */
export interface Piece {
  fn: 3 | 4
  address: number
  words: number
}

/** Pieces that are asked for with one question. */
export interface Block<P extends Piece> {
  fn: 3 | 4
  address: number
  count: number
  pieces: P[]
}

/**
 * Few questions for all pieces. Only what touches is asked together: a device may refuse a whole
 * block for one register in between that it does not have.
 */
export function blocksOf<P extends Piece>(pieces: readonly P[]): Block<P>[] {
  const blocks: Block<P>[] = []
  const sorted = pieces.toSorted((a, b) => a.fn - b.fn || a.address - b.address)
  for (const piece of sorted) {
    const last = blocks.at(-1)
    const end = piece.address + piece.words
    if (last?.fn === piece.fn && isNext(last, piece.address, end)) {
      last.count = Math.max(last.count, end - last.address)
      last.pieces.push(piece)
    } else {
      const { fn, address, words: count } = piece
      blocks.push({ fn, address, count, pieces: [piece] })
    }
  }
  return blocks
}

const isNext = (block: Block<Piece>, address: number, end: number) =>
  address <= block.address + block.count && end - block.address <= MOST_WORDS

/** The bytes of one piece in those of its block. */
export const bytesIn = (
  block: Pick<Block<Piece>, 'address'>,
  bytes: Buffer,
  { address, words }: Piece
): Buffer => {
  const start = (address - block.address) * 2
  return bytes.subarray(start, start + words * 2)
}
