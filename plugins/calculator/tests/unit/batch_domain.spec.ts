import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import { BATCH_FIELDS, BATCH_UNITS, inOurUnit } from '../../domain/batch_fields.js'
import { columnsFor, fieldNamed, unitIn } from '../../domain/batch_heads.js'
import { delimiterOf } from '#core/delimiter'
import { ModelNames, plainModelName } from '../../domain/batch_models.js'
import { decimalMarkOf, parseCellNumber } from '#core/cell_number'

const textsIn = (locale: string) =>
  JSON.parse(
    readFileSync(app.makePath(`plugins/calculator/lang/${locale}/calculator_batch.json`), 'utf8')
  ) as { field: Record<string, string> }

test.group('Heads of columns', () => {
  test('are known as our own templates write them')
    .with(['en', 'zh'])
    .run(({ assert }, locale) => {
      const { field: labels } = textsIn(locale)
      const heads = BATCH_FIELDS.map((field) => {
        const unit = BATCH_UNITS[field]?.[0]?.code
        return unit ? `${labels[field]} (${unit})` : labels[field]!
      })
      const columns = columnsFor(heads)
      BATCH_FIELDS.forEach((field, column) => {
        assert.deepEqual(columns[field], { column, unit: BATCH_UNITS[field]?.[0]?.code }, field)
      })
    })

  test('are known as people write them')
    .with([
      ['Quantity', 'count'],
      ['QTY', 'count'],
      ['台数', 'count'],
      ['Miner Model', 'model'],
      ['机型', 'model'],
      ['hash_rate', 'hashrateThs'],
      ['Hashrate TH/s', 'hashrateThs'],
      ['单台算力 (TH/s)', 'hashrateThs'],
      ['Power (kW)', 'powerW'],
      ['power_w', 'powerW'],
      ['功耗（W）', 'powerW'],
      ['Electricity', 'usdPerKwh'],
      ['电价', 'usdPerKwh'],
      ['Pool Fee %', 'poolFeePct'],
      ['BTC price', 'btcUsd'],
      ['全网难度', 'difficulty'],
      ['usdPerKwh', 'usdPerKwh'],
    ] as const)
    .run(({ assert }, [head, field]) => assert.equal(fieldNamed(head), field))

  test('stay unknown when nothing fits')
    .with(['', 'Serial', 'DecayRate', '温度', '123'])
    .run(({ assert }, head) => assert.isNull(fieldNamed(head)))

  test('tell the unit')
    .with([
      ['hashrateThs', 'Hashrate (PH/s)', 'PH/s'],
      ['hashrateThs', 'Hashrate', 'TH/s'],
      ['powerW', 'Power [kW]', 'kW'],
      ['usdPerKwh', 'Electricity (¢/kWh)', '¢/kWh'],
      ['usdPerKwh', 'Price, cents per kWh', '¢/kWh'],
      ['usdPerKwh', '$/MWh', '$/MWh'],
      ['usdPerKwh', '电价 ($/kWh)', '$/kWh'],
    ] as const)
    .run(({ assert }, [field, head, unit]) => assert.equal(unitIn(field, head), unit))

  test('of two that name the same field give the first', ({ assert }) => {
    assert.equal(columnsFor(['Model', 'Type', 'Miner']).model?.column, 0)
  })

  test('turn figures into the units of the calculation', ({ assert }) => {
    assert.equal(inOurUnit('usdPerKwh', 5.5, '¢/kWh'), 0.055)
    assert.equal(inOurUnit('powerW', 3.5, 'kW'), 3500)
    assert.equal(inOurUnit('hashrateThs', 0.2, 'PH/s'), 200)
    assert.equal(inOurUnit('count', 7, undefined), 7)
  })
})

test.group('Numbers in cells', () => {
  test('are read with a point')
    .with([
      ['0.05', 0.05],
      ['1,234.5', 1234.5],
      ['1 234', 1234],
      ["1'234'567", 1234567],
      ['$0.05', 0.05],
      ['0.05 $/kWh', 0.05],
      ['200 TH/s', 200],
      ['3500W', 3500],
      ['2.5 %', 2.5],
      ['119.12 T', 119_120_000_000_000],
      ['1.5e3', 1500],
      ['−3', -3],
      ['１２３', 123],
      ['.5', 0.5],
      ['100台', 100],
    ] as const)
    .run(({ assert }, [text, value]) => assert.equal(parseCellNumber(text, '.'), value))

  test('are read with a comma')
    .with([
      ['0,05', 0.05],
      ['1.234,5', 1234.5],
      ['1 234,5', 1234.5],
      ['12', 12],
      ['0.05', 0.05],
    ] as const)
    .run(({ assert }, [text, value]) => assert.equal(parseCellNumber(text, ','), value))

  test('are none when they mean none')
    .with([
      '',
      'zwei',
      '1,2,3',
      '1.2.3',
      '0,05',
      '=1+1',
      '0x10',
      'NaN',
      'Infinity',
      '1e999',
      '--1',
      '1 2',
    ])
    .run(({ assert }, text) => assert.isNull(parseCellNumber(text, '.')))

  test('tell the decimal mark of their file', ({ assert }) => {
    assert.equal(decimalMarkOf(['0,05', '1.234,50', 'S21', '12']), ',')
    assert.equal(decimalMarkOf(['0.05', '1,234.50', 'S21']), '.')
    assert.equal(decimalMarkOf(['S21', '100', '1,000']), '.')
  })
})

test.group('Separators', () => {
  test('are found')
    .with([
      ['a,b,c\n1,2,3\n', ','],
      ['a;b;c\n1,5;2,5;3\n', ';'],
      ['a\tb\n1\t2\n', '\t'],
      ['a|b\n1|2\n', '|'],
      ['"a;b",c\n"d;e;f",g\n', ','],
      ['only\none\n', ','],
      ['', ','],
    ] as const)
    .run(({ assert }, [text, delimiter]) => assert.equal(delimiterOf(text), delimiter))
})

const named = (id: string, label: string, aliases: string[] = []) => ({ id, label, aliases })
const NAMES = new ModelNames([
  named('1', 'Bitmain Antminer S21', ['Antminer S21']),
  named('2', 'Bitmain Antminer S21+', ['Antminer S21+']),
  named('3', 'MicroBT WhatsMiner M60S', ['WhatsMiner M60S']),
  named('4', 'Tuned'),
  named('5', 'Avalon Q', ['Q']),
  named('6', 'Other Q', ['Q']),
  named('7', 'Antminer S21'),
])
const found = (name: string) => {
  const match = NAMES.find(name)
  return match.kind === 'found' ? match.model.id : match
}

test.group('Names of models', () => {
  test('are found in any spelling')
    .with([
      ['Bitmain Antminer S21', '1'],
      ['bitmain-antminer  s21', '1'],
      ['S21+', '2'],
      ['antminer s21+', '2'],
      ['M60S', '3'],
      ['whatsminer m60s', '3'],
      ['TUNED', '4'],
    ] as const)
    .run(({ assert }, [name, id]) => assert.equal(found(name), id))

  test('of one’s own win over those of the catalogue', ({ assert }) => {
    assert.equal(found('Antminer S21'), '7')
  })

  test('that fit several name them, and so do those that fit none', ({ assert }) => {
    assert.deepEqual(found('Q'), { kind: 'ambiguous', candidates: ['Avalon Q', 'Other Q'] })
    assert.deepEqual(found('M60S++'), { kind: 'unknown', candidates: ['MicroBT WhatsMiner M60S'] })
    assert.deepEqual(found('Xyz'), { kind: 'unknown', candidates: [] })
    assert.deepEqual(found(''), { kind: 'unknown', candidates: [] })
  })

  test('keep S21 and S21+ apart', ({ assert }) => {
    assert.notEqual(plainModelName('S21+'), plainModelName('S21'))
  })
})
