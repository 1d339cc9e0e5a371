import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** What an edge meant to store and what it knows to be stored: its word against the portal's. */
export interface Ledger {
  /** Ticks whose samples were in the queue on disk when the queue said so. */
  stored: Set<number>
  /** Ticks that were begun; those that are not stored may be there in part or not at all. */
  begun: Set<number>
}

const fileIn = (folder: string) => join(folder, 'journal.txt')

/** Written through to the disk line by line, before and after the queue is asked. */
export class Journal {
  readonly #file: number

  constructor(folder: string) {
    this.#file = openSync(fileIn(folder), 'a')
  }

  begin(tick: number): void {
    this.#write(`begin ${tick}`)
  }

  stored(ticks: readonly number[]): void {
    this.#write(ticks.map((tick) => `stored ${tick}`).join('\n'))
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(text: string): void {
    writeSync(this.#file, `${text}\n`)
    fsyncSync(this.#file)
  }
}

/** A line that a kill cut off is no word of anybody. */
export function readLedger(folder: string): Ledger {
  const ledger: Ledger = { stored: new Set(), begun: new Set() }
  if (!existsSync(fileIn(folder))) return ledger
  for (const line of readFileSync(fileIn(folder), 'utf8').split('\n').slice(0, -1)) {
    const [, word, tick] = /^(begin|stored) (\d+)$/.exec(line) ?? []
    if (word === 'begin') ledger.begun.add(Number(tick))
    if (word === 'stored') ledger.stored.add(Number(tick))
  }
  return ledger
}
