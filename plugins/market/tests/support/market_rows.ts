import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { guest } from '#services/identities'
import { sharedFolder } from '#tests/helpers'
import type { StoredSeries } from '../../domain/series_kind.js'
import { importFile } from '../../services/import_files.js'

const DAY_MS = 86_400_000

const login = () => db.connection('login')

/** What a guest sees. */
export const asGuest = <T>(work: () => Promise<T>) => current.run(guest(), work)

/** A file with this content. */
export function fileOf(content: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'market-')), 'series.csv')
  writeFileSync(file, content)
  return file
}

/** The tables are shared: each test of the market begins with empty ones. */
export async function emptyMarket() {
  for (const table of ['market_points', 'market_candles', 'market_epochs']) {
    await login().from(table).delete()
  }
}

export interface PointRow {
  series: StoredSeries
  at: Date | string
  value: number
  source?: string
  quality?: string
}

/** Stores points as a feed would. */
export async function storePoints(rows: readonly PointRow[]) {
  const whole = rows.map((row) => ({ source: 'Test feed', quality: 'single', ...row }))
  for (let from = 0; from < whole.length; from += 2000) {
    await login()
      .table('market_points')
      .multiInsert(whole.slice(from, from + 2000))
  }
}

/** Whether the reference files are beside the checkout; says so when they are not. */
export function sharedDataIsAbsent() {
  const absent = sharedFolder('data') === null
  if (absent) console.log('skipped: the folder ../shared/data is not here')
  return absent
}

export const DATA_FILES = [
  'btc_ohlcv_daily_yahoo_2014-2025_colekrudwig-NOLICENSE.csv',
  'btc_close_volume_daily_2015-2026_lukmol-MIT.csv',
  'difficulty_daily_2009-2026_lukmol-MIT.csv',
  'hashrate_daily_2009-2026_lukmol-MIT.csv',
  'difficulty_epochs_0-473.csv',
] as const

/** Imports the market history that lies beside the checkout. */
export async function importSharedData(now: Date) {
  for (const name of DATA_FILES) {
    await importFile({ file: join(sharedFolder('data')!, name), now })
  }
}

/** Values as feeds would have left them: daily ones for a year, heights for three weeks, all to now. */
export async function storeLiveRows(now: Date) {
  const days = Array.from({ length: 280 }, (_, index) => index)
  const at = (day: number) => new Date(now.getTime() - day * DAY_MS)
  const wave = (day: number) => Math.sin(day / 9) + Math.sin(day / 23)
  await storePoints(
    days.flatMap((day): PointRow[] => [
      {
        series: 'price_usd',
        at: at(day),
        value: 88_000 + 6000 * wave(day) - 60 * day,
        source: 'CoinGecko',
        quality: 'agreed',
      },
      { series: 'difficulty', at: at(day), value: 124_932_866_006_548.2, source: 'mempool.space' },
      {
        series: 'network_hashrate_ths',
        at: at(day),
        value: 9e8 * (1 + 0.08 * Math.sin(day * 2.4)),
        source: 'blockchain.info',
      },
    ])
  )
  await storeHeights(now)
  await storePoints([
    { series: 'fees_sats_per_block', at: now, value: 4_312_876, source: 'mempool.space' },
    { series: 'fear_greed', at: now, value: 62, source: 'alternative.me' },
    { series: 'mempool_fee_sat_vb', at: now, value: 2.1, source: 'mempool.space' },
  ])
}

/** Block 977,000 now, one block before it every 590 s. */
const storeHeights = (now: Date) =>
  storePoints(
    Array.from({ length: 2900 }, (_, index) => ({
      series: 'block_height' as const,
      at: new Date(now.getTime() - index * 590_000),
      value: 977_000 - index,
      source: 'mempool.space',
    }))
  )
