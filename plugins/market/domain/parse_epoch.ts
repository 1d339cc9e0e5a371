import { difficultyFromBits } from '#core/chain/difficulty_from_bits'
import { parseTime, type RawRow } from './parse_row.js'

export const BLOCKS_PER_EPOCH = 2016

export interface Epoch {
  epoch: number
  firstHeight: number
  bits: number
  difficulty: number
  firstBlockAt: Date | null
  lastBlockAt: Date | null
}

export type EpochRefusal =
  | 'no_epoch'
  | 'bad_height'
  | 'bad_bits'
  | 'no_difficulty'
  | 'difficulty_not_of_bits'
  | 'bad_date'
  | 'future_date'
  | 'other_bits'
  | 'other_time'
  | 'impossible_change'

export type ParsedEpoch = { ok: true; row: Epoch } | { ok: false; reason: EpochRefusal }

const DAY_MS = 86_400_000
const HEX = /^(0x)?[0-9a-f]{8}$/i

/** A printed double may have lost its last digit; a wrong difficulty is off by far more. */
const ROUNDING = 1e-9

const refuse = (reason: EpochRefusal) => ({ ok: false, reason }) as const
const first = (row: RawRow, ...names: string[]) =>
  names.map((name) => row[name]?.trim()).find((text) => text !== undefined && text !== '')

const wholeNumber = (text: string | undefined) =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null

/**
 * One difficulty epoch, or why the row cannot be one: its height must be 2,016 times its number and
 * its difficulty the one that its bits stand for. `now` refuses times of the future.
 */
export function parseEpoch(row: RawRow, now: Date): ParsedEpoch {
  const epoch = wholeNumber(first(row, 'epoch'))
  if (epoch === null) return refuse('no_epoch')
  const firstHeight = epoch * BLOCKS_PER_EPOCH
  const height = first(row, 'height', 'start_height', 'first_height')
  if (height !== undefined && wholeNumber(height) !== firstHeight) return refuse('bad_height')
  const chain = chainFigures(row)
  if ('reason' in chain) return chain
  const times = timesOf(row, now)
  if ('reason' in times) return times
  return { ok: true, row: { epoch, firstHeight, ...chain, ...times } }
}

function chainFigures(row: RawRow) {
  const text = first(row, 'bits_hex', 'bits')
  if (text === undefined || !HEX.test(text)) return refuse('bad_bits')
  const bits = Number.parseInt(text.replace(/^0x/i, ''), 16)
  // Beyond the limit of proof of work no mainnet block is valid; bits of 0 have no target.
  if (bits > 0x1d00ffff || (bits & 0x7fffff) === 0) return refuse('bad_bits')
  const printed = first(row, 'difficulty')
  if (printed === undefined) return refuse('no_difficulty')
  const difficulty = difficultyFromBits(bits)
  const isSame = Math.abs(Number(printed) / difficulty - 1) <= ROUNDING
  return isSame ? { bits, difficulty } : refuse('difficulty_not_of_bits')
}

/** The time that one of the columns holds; null when none does, undefined when it is no time. */
function timeIn(row: RawRow, ...names: string[]): Date | null | undefined {
  const text = first(row, ...names)
  return text === undefined ? null : (parseTime(text) ?? undefined)
}

function timesOf(row: RawRow, now: Date) {
  const firstBlockAt = timeIn(row, 'first_block_at', 'first_block_time', 'start_time_unix')
  const lastBlockAt = timeIn(row, 'last_block_at', 'last_block_time', 'end_time_unix')
  if (firstBlockAt === undefined || lastBlockAt === undefined) return refuse('bad_date')
  const newest = Math.max(Number(firstBlockAt), Number(lastBlockAt))
  if (newest > now.getTime() + DAY_MS) return refuse('future_date')
  if (firstBlockAt && lastBlockAt && lastBlockAt <= firstBlockAt) return refuse('bad_date')
  return { firstBlockAt, lastBlockAt }
}

/**
 * Whether an epoch can stand beside what is known: the chain has one target an epoch, and a
 * retarget changes the difficulty by a quarter to four times at most (the compact form cuts digits,
 * hence the slack of a thousandth). Returns the reason against it, or null.
 */
export function contradiction(
  row: Epoch,
  known: ReadonlyMap<number, Pick<Epoch, 'bits' | 'difficulty' | 'firstBlockAt'>>
): EpochRefusal | null {
  const same = known.get(row.epoch)
  if (same && same.bits !== row.bits) return 'other_bits'
  if (same?.firstBlockAt && row.firstBlockAt && +same.firstBlockAt !== +row.firstBlockAt) {
    return 'other_time'
  }
  const change = (later: number, earlier: number) => later / earlier
  const [before, after] = [known.get(row.epoch - 1), known.get(row.epoch + 1)]
  const changes = [
    before && change(row.difficulty, before.difficulty),
    after && change(after.difficulty, row.difficulty),
  ].filter((ratio) => ratio !== undefined)
  return changes.some((ratio) => ratio > 4.004 || ratio < 0.2497) ? 'impossible_change' : null
}
