import { type Register, wordsOfType } from '../../protocol/meters.js'
import { MOST_WORDS } from '../modbus/frame.js'

/** Registers that are asked for with one question. */
export interface Block {
  fn: 3 | 4
  address: number
  count: number
  registers: Register[]
}

/**
 * Few questions for all registers. Only what touches is asked together: a device may refuse a whole
 * block for one register in between that it does not have.
 */
export function blocksOf(registers: readonly Register[]): Block[] {
  const blocks: Block[] = []
  const sorted = registers.toSorted((a, b) => a.fn - b.fn || a.address - b.address)
  for (const register of sorted) {
    const [last, words] = [blocks.at(-1), wordsOfType(register.type)]
    const end = register.address + words
    if (last?.fn === register.fn && isNext(last, register.address, end)) {
      last.count = Math.max(last.count, end - last.address)
      last.registers.push(register)
    } else {
      const { fn, address } = register
      blocks.push({ fn, address, count: words, registers: [register] })
    }
  }
  return blocks
}

const isNext = (block: Block, address: number, end: number) =>
  address <= block.address + block.count && end - block.address <= MOST_WORDS

/** The bytes of one register in those of its block. */
export const bytesIn = (block: Block, bytes: Buffer, { address, type }: Register): Buffer => {
  const start = (address - block.address) * 2
  return bytes.subarray(start, start + wordsOfType(type) * 2)
}
