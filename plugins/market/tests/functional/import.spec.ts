import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { sharedFolder, unique } from '#tests/helpers'
import { latestValues, networkHashrateMean } from '../../api.js'
import { importSeries } from '../../services/import_series.js'
import { asGuest, emptyMarket, fileOf, sharedDataIsAbsent } from '../support/market_rows.js'

const NOW = new Date('2026-11-24T00:00:00Z')

test.group('Importing market history', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('store rows once, take new values over old ones, and name the refused', async ({
    assert,
  }) => {
    const source = unique('test')
    const file = fileOf(
      'date,price\n2015-01-01,314.2\n2015-01-02,0\n2015-01-03,x\n2015-01-01,315\n'
    )
    const report = await importSeries({ file, kind: 'price', source, now: NOW })
    assert.containsSubset(report, { rows: 4, stored: 1, refused: 2 })
    assert.deepEqual(report.refusedRows, [
      { line: 3, reason: 'not_positive' },
      { line: 4, reason: 'bad_number' },
    ])
    await importSeries({ file, kind: 'price', source, now: NOW })
    const rows = await db.connection('login').from('market_points').where({ source })
    assert.lengthOf(rows, 1)
    assert.equal(rows[0].value, 315)
  })

  test('keep nothing of a file that breaks off', async ({ assert }) => {
    const source = unique('test')
    const file = fileOf('date,price\n2015-01-01,314.2\n2015-01-02,"unfinished\n')
    await assert.rejects(() => importSeries({ file, kind: 'price', source, now: NOW }))
    assert.lengthOf(await db.connection('login').from('market_points').where({ source }), 0)
  })

  test('give the newest value with source and time, and nothing where nothing is stored', async ({
    assert,
  }) => {
    assert.deepEqual(await asGuest(latestValues), {})
    const file = fileOf('date,difficulty\n2026-02-11,125\n2026-02-12,126\n2026-02-10,124\n')
    await importSeries({ file, kind: 'difficulty', source: 'test', now: NOW })
    assert.deepEqual(await asGuest(latestValues), {
      difficulty: {
        series: 'difficulty',
        value: 126,
        source: 'test',
        at: '2026-02-12T00:00:00.000Z',
        quality: 'imported',
      },
    })
  })

  test('take the network hashrate as a mean of seven days', async ({ assert }) => {
    assert.isNull(await asGuest(networkHashrateMean))
    const days = Array.from({ length: 9 }, (_, day) => `2026-02-0${day + 1},${(day + 1) * 100}`)
    const file = fileOf(`date,hashrate\n${days.join('\n')}\n`)
    await importSeries({ file, kind: 'hashrate', source: 'test', now: NOW })
    const mean = await asGuest(networkHashrateMean)
    // Days 3 to 9: (300 + … + 900) / 7.
    assert.containsSubset(mean, { value: 600, days: 7, at: '2026-02-09T00:00:00.000Z' })
  })

  test('refuse an unknown series and a missing file at the console', async ({ assert }) => {
    ace.ui.switchMode('raw')
    const unknown = await ace.exec('market:import', ['x.csv', '--series=weather'])
    assert.equal(unknown.exitCode, 1)
    const missing = await ace.exec('market:import', ['/nowhere.csv', '--series=price'])
    assert.equal(missing.exitCode, 1)
  })

  test('tell what files hold by their head, each file for itself', async ({ assert }) => {
    const files = [
      fileOf('date,price\n2026-02-12,69069.98\n'),
      fileOf('a,b\n1,2\n'),
      fileOf('date,difficulty\n2026-02-12,125864590119494\n'),
    ]
    const { log } = console
    const lines: string[] = []
    console.log = (line: string) => lines.push(line)
    const command = await ace
      .exec('market:import', [...files, '--json', '--source=Test'])
      .finally(() => (console.log = log))
    assert.equal(command.exitCode, 1)
    const answer = JSON.parse(lines[0]!)
    assert.containsSubset(answer.files, [
      { file: files[0], kind: 'price', stored: 1, source: 'Test' },
      { file: files[2], kind: 'difficulty', stored: 1 },
    ])
    assert.match(answer.files[1].error, /--series/)
  })

  test('store the history of a decade', async ({ assert }) => {
    const data = sharedFolder('data')
    const file = `${data}/btc_ohlcv_daily_yahoo_2014-2025_colekrudwig-NOLICENSE.csv`
    const report = await importSeries({ file, kind: 'ohlcv', source: 'Yahoo', now: NOW })
    assert.containsSubset(report, { rows: 4091, stored: 4091, refused: 0 })
    const [{ count }] = await db.connection('login').from('market_candles').count('* as count')
    assert.equal(Number(count), 4091)
  }).skip(sharedDataIsAbsent)
})
