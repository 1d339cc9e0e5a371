import type { SeriesKind } from './series_kind.js'

/** Columns that tell what a file is; the first line whose columns are all there wins. */
const SIGNS: readonly [SeriesKind, readonly (readonly string[])[]][] = [
  ['epochs', [['epoch'], ['bits', 'bits_hex']]],
  ['ohlcv', [['open'], ['high'], ['low'], ['close']]],
  ['difficulty', [['difficulty']]],
  ['hashrate', [['hashrate', 'hashrate_ths']]],
  ['price', [['price', 'close', 'price_usd']]],
]

const DATED = ['date', 'time', 'timestamp', 'start_time_unix']

/**
 * What a file with this head holds, or null when its columns do not tell (`value` alone could be
 * anything). Names are compared in lower case.
 */
export function detectKind(head: readonly string[]): SeriesKind | null {
  const names = new Set(head.map((name) => name.trim().toLowerCase()))
  const has = (choices: readonly string[]) => choices.some((name) => names.has(name))
  const found = SIGNS.find(([, needed]) => needed.every(has))
  if (!found) return null
  return found[0] === 'epochs' || has(DATED) ? found[0] : null
}
