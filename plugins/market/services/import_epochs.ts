import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation } from '#core/installation'
import { contradiction, type Epoch, parseEpoch } from '../domain/parse_epoch.js'
import { emptyReport, type ImportReport, refuse, widen, type Wish } from './import_report.js'
import { trackImport, upsert } from './import_series.js'
import { rowsOf } from './read_rows.js'

const BATCH = 1000

/**
 * Stores difficulty epochs of a CSV file, all or nothing. An epoch that is there already only
 * gains the times it lacked; a row that contradicts the stored chain is refused with its reason.
 */
export async function importEpochs(wish: Wish<'epochs'>): Promise<ImportReport> {
  const report = emptyReport(wish)
  await asInstallation(async (trx) => {
    const known = await knownEpochs(trx)
    const taken = new Map<number, Epoch>()
    for await (const { record, info } of rowsOf(wish.file)) {
      report.rows++
      const parsed = parseEpoch(record, wish.now)
      const reason = parsed.ok ? contradiction(parsed.row, known) : parsed.reason
      if (reason) refuse(report, { line: info.lines, reason })
      else if (parsed.ok) take(parsed.row, known, taken)
      if (report.rows % BATCH === 0) wish.onProgress?.(report.rows)
    }
    await store(trx, [...taken.values()], wish.source)
    report.stored = taken.size
    for (const { firstBlockAt } of taken.values()) widen(report, firstBlockAt)
    await trackImport(trx, report)
  })
  return report
}

/**
 * Stores epochs that somebody else learnt (a feed, an own node) in their transaction; those that
 * contradict what is stored are left out. Answers how many were taken.
 */
export async function storeEpochs(
  trx: TransactionClientContract,
  epochs: readonly Epoch[],
  source: string
): Promise<number> {
  const known = await knownEpochs(trx)
  const taken = new Map<number, Epoch>()
  for (const epoch of epochs) if (!contradiction(epoch, known)) take(epoch, known, taken)
  await store(trx, [...taken.values()], source)
  return taken.size
}

function take(row: Epoch, known: Map<number, Epoch>, taken: Map<number, Epoch>) {
  const before = known.get(row.epoch)
  const whole = {
    ...row,
    firstBlockAt: row.firstBlockAt ?? before?.firstBlockAt ?? null,
    lastBlockAt: row.lastBlockAt ?? before?.lastBlockAt ?? null,
  }
  known.set(row.epoch, whole)
  taken.set(row.epoch, whole)
}

async function knownEpochs(trx: TransactionClientContract): Promise<Map<number, Epoch>> {
  const rows = await trx.from('market_epochs').select('*')
  return new Map(
    rows.map((row) => [
      row.epoch as number,
      {
        epoch: row.epoch,
        firstHeight: row.first_height,
        bits: row.bits,
        difficulty: row.difficulty,
        firstBlockAt: row.first_block_at,
        lastBlockAt: row.last_block_at,
      },
    ])
  )
}

async function store(trx: TransactionClientContract, epochs: Epoch[], source: string) {
  for (let from = 0; from < epochs.length; from += BATCH) {
    const rows = epochs.slice(from, from + BATCH).map((row) => ({
      epoch: row.epoch,
      first_height: row.firstHeight,
      bits: row.bits,
      difficulty: row.difficulty,
      first_block_at: row.firstBlockAt,
      last_block_at: row.lastBlockAt,
      source,
    }))
    await upsert(trx, 'market_epochs', rows, ['epoch'])
  }
}
