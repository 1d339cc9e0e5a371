import { join } from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { importFile } from '../../plugins/market/services/import_files.js'

const FILES = [
  'btc_ohlcv_daily_yahoo_2014-2025_colekrudwig-NOLICENSE.csv',
  'btc_close_volume_daily_2015-2026_lukmol-MIT.csv',
  'difficulty_daily_2009-2026_lukmol-MIT.csv',
  'hashrate_daily_2009-2026_lukmol-MIT.csv',
  'difficulty_epochs_0-473.csv',
]

/** What feeds leave behind: a price every 30 s for two days, a height every 10 min for three weeks. */
const LIVE = `
  insert into market_points (series, at, source, value, quality)
  select 'price_usd', :now - make_interval(secs => n * 30), 'Feed', 90000 + 500 * sin(n / 300.0), 'agreed'
    from generate_series(0, 5759) as n
  union all
  select 'block_height', :now - make_interval(mins => n * 10), 'Feed', 977000 - n, 'single'
    from generate_series(0, 3023) as n
  union all
  select 'difficulty', :now - make_interval(mins => n * 10), 'Feed', 124932866006548.2, 'single'
    from generate_series(0, 3023) as n
  union all
  select 'network_hashrate_ths', :now - make_interval(mins => n * 10), 'Feed', 9e8, 'single'
    from generate_series(0, 3023) as n`

/** Seventeen years of days, made up where the reference files are absent. */
const DAYS = `
  insert into market_points (series, at, source, value)
  select series, date_trunc('day', cast(:now as timestamptz)) - make_interval(days => n), 'made up', 1000.0 + n
    from generate_series(300, 6500) as n,
      unnest(array['price_usd', 'difficulty', 'network_hashrate_ths']) as series`

/** Fills the market with the reference files and three weeks of feeds; tells how many rows it has. */
export async function fillMarket(folder: string | null, now: Date) {
  const began = performance.now()
  for (const name of folder ? FILES : []) await importFile({ file: join(folder!, name), now })
  const importSeconds = (performance.now() - began) / 1000
  const login = db.connection('login')
  const bindings = { now }
  if (!folder) await login.rawQuery(DAYS, bindings)
  await login.rawQuery(LIVE.replaceAll(':now', 'cast(:now as timestamptz)'), bindings)
  await db.connection('owner').rawQuery('analyze market_points, market_candles, market_epochs')
  const { rows } = await login.rawQuery('select count(*)::int as rows from market_points')
  return { rows: rows[0].rows as number, importSeconds }
}
