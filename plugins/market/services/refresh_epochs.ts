import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { bitsFromDifficulty } from '#core/chain/bits_from_target'
import { difficultyFromBits } from '#core/chain/difficulty_from_bits'
import { BLOCKS_PER_EPOCH, type Epoch } from '../domain/parse_epoch.js'
import type { ToldEpoch } from '../providers/adapter.js'
import { storeEpochs } from './import_epochs.js'
import { type FeedReport, keepImplausible, tryFeed } from './provider_results.js'
import type { FeedState } from './provider_state.js'
import type { Ending } from './refresh_lease.js'

export interface LearnedEpochs {
  epochs: Epoch[]
  source: string
  reports: FeedReport[]
}

const NO_WISH = { span: '1d', fromMs: 0, spanMs: 0 } as const
/** A printed double may have lost its last digit; a wrong difficulty is off by far more. */
const ROUNDING = 1e-9

/** An epoch as it is stored, or null when no compact target stands for its difficulty. */
function epochOf({ firstHeight, firstBlockMs, difficulty }: ToldEpoch, now: Date): Epoch | null {
  const epoch = firstHeight / BLOCKS_PER_EPOCH
  if (!Number.isInteger(epoch) || epoch < 0 || difficulty < 1) return null
  if (firstBlockMs <= 0 || firstBlockMs > now.getTime() + 7_200_000) return null
  const bits = bitsFromDifficulty(difficulty)
  const exact = difficultyFromBits(bits)
  if (Math.abs(exact / difficulty - 1) > ROUNDING) return null
  const firstBlockAt = new Date(firstBlockMs)
  return { epoch, firstHeight, bits, difficulty: exact, firstBlockAt, lastBlockAt: null }
}

/** The epochs of the first feed that tells some, each checked against the rule of consensus. */
export async function learnEpochs(feeds: FeedState[], now: Date): Promise<LearnedEpochs> {
  const learned: LearnedEpochs = { epochs: [], source: '', reports: [] }
  for (const state of feeds) {
    const { report, answer } = await tryFeed(state, NO_WISH, now)
    learned.reports.push(report)
    const told = answer?.reading.epochs ?? []
    const epochs = told.map((one) => epochOf(one, now))
    const wrong = epochs.indexOf(null)
    if (wrong >= 0) {
      const detail = `height ${told[wrong]!.firstHeight}`
      learned.reports.splice(-1, 1, await keepImplausible(state, detail, now))
    } else if (epochs.length > 0) {
      const source = state.feed.source ?? state.provider.title
      return { ...learned, epochs: epochs as Epoch[], source }
    }
  }
  return learned
}

/** Only epochs that are new, or that lacked their time, are written. */
export async function storeToldEpochs(
  trx: TransactionClientContract,
  { epochs, source }: LearnedEpochs
): Promise<Ending> {
  if (epochs.length === 0) return { outcome: 'nothing', isFailure: true }
  const rows = await trx.from('market_epochs').select('epoch', 'first_block_at')
  const timed = new Set(
    rows.filter(({ first_block_at: at }) => at !== null).map(({ epoch }) => epoch as number)
  )
  const missing = epochs.filter(({ epoch }) => !timed.has(epoch))
  if (missing.length === 0) return { outcome: 'complete', isFailure: false }
  const stored = await storeEpochs(trx, missing, source)
  return { outcome: stored > 0 ? 'stored' : 'nothing', isFailure: stored === 0 }
}
