import { at, rowsOf } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import type { Json, JsonObject } from '../../wire/contract.js'

/** `name[value]` blocks by their name; a value may be empty, a list or have a unit. */
export type Blocks = ReadonlyMap<string, string>

/** Names have spaces ("Nonce Mask"), values have none of the brackets. */
const BLOCK = /([A-Za-z][\w ]*)\[([^[\]]*)\]/g
const STATS_KEY = /^MM ID\d+(?::Summary)?$/
const BOARDS_KEY = 'HBinfo'
const MOST_BLOCKS = 2000
const LONGEST = 200_000

/** Everything that `stats` says in blocks, and the seconds since the start. */
export interface AvalonStats {
  blocks: Blocks
  elapsed: Json | undefined
}

/** Reads the object of `estats`, `stats` or `litestats` that holds the blocks. */
export const toStats = (answer: JsonObject | null): AvalonStats | null => {
  for (const row of rowsOf(answer, 'STATS') ?? []) {
    // Old controllers list several modules; the first is read rather than a mixture.
    const keys = [Object.keys(row).find((key) => STATS_KEY.test(key)), BOARDS_KEY]
    const texts = keys.flatMap((key) => {
      const text = key === undefined ? undefined : at(row, key)
      return typeof text === 'string' ? [text] : []
    })
    if (texts.length > 0) return { blocks: toBlocks(texts), elapsed: at(row, 'Elapsed') }
  }
  return null
}

const toBlocks = (texts: readonly string[]): Blocks => {
  const blocks = new Map<string, string>()
  for (const text of texts) {
    for (const [, name = '', value = ''] of text.slice(0, LONGEST).matchAll(BLOCK)) {
      if (blocks.size < MOST_BLOCKS) blocks.set(name.trim(), value.trim())
    }
  }
  return blocks
}

/** The value of a block as a number: "72%", "81072.68"; null when it is empty or a list. */
export const blockNumber = (blocks: Blocks, ...names: string[]): number | null => {
  for (const name of names) {
    const number = toNumber(blocks.get(name))
    if (number !== null) return number
  }
  return null
}

/** The numbers of a block in order; unreadable ones are null. Null: no such block. */
export const blockList = (blocks: Blocks, name: string): (number | null)[] | null => {
  const value = blocks.get(name)
  if (value === undefined) return null
  return value === '' ? [] : value.split(/\s+/).slice(0, 1000).map(toNumber)
}
