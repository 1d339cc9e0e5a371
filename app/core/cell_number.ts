/** What separates the decimals of a file. */
export type DecimalMark = '.' | ','

/** Suffixes of quantities, as the calculator's form takes them: `119.12 T`. */
const POWERS: Record<string, number> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15, e: 1e18 }

/** Units that people write into the cell; the figure is then what the column says it is. */
const CELL_UNIT = /\s*(?:th\/?s?|w|kw|%|usd|\$|€|¢|\/?kwh|\$\/kwh|usd\/kwh|台|units?|pcs)\s*$/i
const LEADING_MARK = /^\s*(?:\$|usd|us\$|￥|€)\s*/i
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i
const SUFFIXED = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*([kmgtpe])$/i
/** Groups of three, with one kind of space, apostrophe or mark between them. */
const GROUPED_POINT = /^[+-]?\d{1,3}(?:[,\u00A0\u202F '’]\d{3})+(?:\.\d+)?$/
const GROUPED_COMMA = /^[+-]?\d{1,3}(?:[.\u00A0\u202F '’]\d{3})+(?:,\d+)?$/
const GROUP_MARKS = { '.': /[,\u00A0\u202F '’]/g, ',': /[.\u00A0\u202F '’]/g }

/**
 * The number that a cell means, or null when it means none. Full-width digits, a unit, a currency
 * mark and grouping are understood; `1.5e3` and `119.12 T` too.
 */
export function parseCellNumber(text: string, mark: DecimalMark): number | null {
  const bare = text.normalize('NFKC').trim().replace(/^[−–]/, '-').replace(LEADING_MARK, '')
  const short = SUFFIXED.exec(withPoint(bare, mark))
  if (short) return Number(`${short[1]}`) * POWERS[short[2]!.toLowerCase()]!
  const digits = withPoint(bare.replace(CELL_UNIT, ''), mark)
  if (!PLAIN.test(digits)) return null
  const value = Number(digits)
  return Number.isFinite(value) ? value : null
}

function withPoint(text: string, mark: DecimalMark): string {
  const isGrouped = (mark === '.' ? GROUPED_POINT : GROUPED_COMMA).test(text)
  const single = isGrouped ? text.replaceAll(GROUP_MARKS[mark], '') : text
  if (mark === '.') return single
  return single.includes('.') ? single.replaceAll(',', '?') : single.replace(',', '.')
}

const COMMA_DECIMALS = /^[+-]?\d+,(?:\d{1,2}|\d{4,})$|^[+-]?0,\d+$|^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/
const POINT_DECIMALS = /^[+-]?\d+\.(?:\d{1,2}|\d{4,})$|^[+-]?0\.\d+$|^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/

/** The decimal mark of a file by its cells; a point where they do not tell. */
export function decimalMarkOf(cells: Iterable<string>): DecimalMark {
  let commas = 0
  let points = 0
  for (const cell of cells) {
    const text = cell.trim().replace(CELL_UNIT, '')
    if (COMMA_DECIMALS.test(text)) commas += 1
    if (POINT_DECIMALS.test(text)) points += 1
  }
  return commas > points ? ',' : '.'
}
