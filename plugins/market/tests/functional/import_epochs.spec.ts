import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { asInstallation } from '#core/installation'
import { sharedFolder } from '#tests/helpers'
import { importEpochs, storeEpochs } from '../../services/import_epochs.js'
import { importFile } from '../../services/import_files.js'
import { emptyMarket, fileOf, sharedDataIsAbsent } from '../support/market_rows.js'

const NOW = new Date('2026-11-25T00:00:00Z')
const HEAD = 'epoch,start_height,bits_hex,difficulty,start_time_unix'
/** Epochs 415 and 416 as they stand in the chain. */
const E415 = '415,836640,17034267,86388558925171.02'
const E416 = '416,838656,17034219,86388558925171.02,1712783853'

const take = (rows: string[], source = 'test') =>
  importEpochs({ file: fileOf([HEAD, ...rows].join('\n')), kind: 'epochs', source, now: NOW })
const stored = () => db.connection('login').from('market_epochs').orderBy('epoch')

test.group('Importing difficulty epochs', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('store each once and refuse those whose difficulty is not that of their bits', async ({
    assert,
  }) => {
    const report = await take([E415, E416, E416, '417,840672,17034219,1,'])
    assert.containsSubset(report, { rows: 4, stored: 1, refused: 2 })
    assert.deepEqual(report.refusedRows, [
      { line: 2, reason: 'difficulty_not_of_bits' },
      { line: 5, reason: 'difficulty_not_of_bits' },
    ])
    const [row] = await stored()
    assert.containsSubset(row, {
      epoch: 416,
      first_height: 838_656,
      bits: 0x17034219,
      difficulty: 86_388_558_925_171.02,
      source: 'test',
    })
    assert.equal(row.first_block_at.toISOString(), '2024-04-10T21:17:33.000Z')
  })

  test('gain the times that were missing, and keep those that were there', async ({ assert }) => {
    await take([E416])
    await take(['416,838656,17034219,86388558925171.02,'], 'another')
    const [row] = await stored()
    assert.equal(row.first_block_at.toISOString(), '2024-04-10T21:17:33.000Z')
    assert.equal(row.source, 'another')
  })

  test('refuse what contradicts the stored chain', async ({ assert }) => {
    await take([E416])
    // The bits of epoch 436 in place of 416, and another time for the same block.
    const report = await take([
      '416,838656,17028c61,110451907374649.52,',
      '416,838656,17034219,86388558925171.02,1712783854',
    ])
    assert.deepEqual(
      report.refusedRows.map(({ reason }) => reason),
      ['other_bits', 'other_time']
    )
    assert.lengthOf(await stored(), 1)
  })

  test('take what a feed learnt, and leave out what contradicts the chain', async ({ assert }) => {
    await take([E416])
    const epoch = {
      epoch: 417,
      firstHeight: 840_672,
      bits: 0x17034219,
      difficulty: 86_388_558_925_171.02,
      firstBlockAt: null,
      lastBlockAt: null,
    }
    const wrong = { ...epoch, epoch: 416, firstHeight: 838_656, bits: 0x17028c61 }
    const count = await asInstallation((trx) => storeEpochs(trx, [epoch, wrong], 'Own node'))
    assert.equal(count, 1)
    assert.deepEqual(
      (await stored()).map(({ epoch: number, source }) => [number, source]),
      [
        [416, 'test'],
        [417, 'Own node'],
      ]
    )
  })

  test('store the whole chain up to epoch 473, every difficulty that of its bits', async ({
    assert,
  }) => {
    const file = join(sharedFolder('data')!, 'difficulty_epochs_0-473.csv')
    const report = await importFile({ file, now: NOW })
    assert.containsSubset(report, { kind: 'epochs', rows: 474, stored: 474, refused: 0 })
    assert.containsSubset(await importFile({ file, now: NOW }), { stored: 474, refused: 0 })
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
    const printed = lines.map((line) => Number(line.split(',')[3]))
    const rows = await stored()
    assert.lengthOf(rows, 474)
    for (const [index, { difficulty }] of rows.entries()) {
      assert.approximately(difficulty / printed[index]!, 1, 1e-14)
    }
  }).skip(sharedDataIsAbsent)
})
