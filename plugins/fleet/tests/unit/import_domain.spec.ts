import { test } from '@japa/runner'
import fc from 'fast-check'
import i18nManager from '@adonisjs/i18n/services/main'
import { csvCell } from '#core/csv'
import { decide, keyFor, type KnownMiner, type ListedMiner } from '../../domain/import_decide.js'
import {
  columnsFor,
  fieldNamed,
  IMPORT_FIELDS,
  isForeman,
  unitIn,
} from '../../domain/import_fields.js'
import { properIp, properMac, properSerial, splitModel } from '../../domain/import_identity.js'
import { listHead, marked } from '../../services/import_export.js'
import { fileRows, guessReading } from '../../services/import_reading.js'

/** https://github.com/delawr0190/foreman-bulk-configure, conf/on-boarding.csv */
const FOREMAN =
  'mac,serial,rack,row,index,name,static_ip,netmask,gateway,dns,hostname,pool_1_url,pool_1_user,pool_1_pass,pool_2_url,pool_2_user,pool_2_pass,pool_3_url,pool_3_user,pool_3_pass'.split(
    ','
  )

test.group('Heads of lists', () => {
  test('are known as our own export writes them')
    .with(['en', 'zh'])
    .run(({ assert }, locale) => {
      const columns = columnsFor(listHead(i18nManager.locale(locale)))
      IMPORT_FIELDS.forEach((field, column) => assert.equal(columns[field]?.column, column, field))
    })

  test('are known as Foreman writes them, without its passwords', ({ assert }) => {
    assert.isTrue(isForeman(FOREMAN))
    assert.isFalse(isForeman(['mac', 'rack', 'row', 'index']))
    const columns = Object.entries(columnsFor(FOREMAN)).map(([field, one]) => [
      field,
      FOREMAN[one.column],
    ])
    assert.deepEqual(Object.fromEntries(columns), {
      mac: 'mac',
      serial: 'serial',
      rack: 'rack',
      shelf: 'row',
      position: 'index',
      name: 'name',
      ip: 'static_ip',
      hostname: 'hostname',
      worker: 'pool_1_user',
    })
  })

  test('are known as people write them')
    .with([
      ['MAC Address', 'mac'],
      ['Serial No.', 'serial'],
      ['S/N', 'serial'],
      ['IP地址', 'ip'],
      ['矿机型号', 'model'],
      ['Miner Type', 'model'],
      ['Hashrate (TH/s)', 'expectedThs'],
      ['rated_power_kw', 'expectedW'],
      ['客户代码', 'customer'],
      ['机位', 'position'],
      ['Level', 'shelf'],
    ] as const)
    .run(({ assert }, [head, field]) => assert.equal(fieldNamed(head), field))

  test('tell the unit', ({ assert }) => {
    assert.equal(unitIn('expectedThs', 'Hashrate (GH/s)'), 'GH/s')
    assert.equal(unitIn('expectedW', 'rated_power_kw'), 'kW')
    assert.equal(unitIn('expectedW', '功率'), 'W')
    assert.isUndefined(unitIn('mac', 'mac'))
  })
})

test.group('Names of machines', () => {
  test('are one MAC in any spelling', ({ assert }) => {
    const octet = fc.nat(255)
    fc.assert(
      fc.property(fc.array(octet, { minLength: 6, maxLength: 6 }), (octets) => {
        const [first, ...rest] = octets
        const hex = [first! & 0xfe, ...rest].map((one) => one.toString(16).padStart(2, '0'))
        fc.pre(new Set(hex.join('')).size > 1)
        const mac = hex.join(':').toUpperCase()
        const spellings = [
          hex.join(''),
          hex.join('-'),
          hex.join(':'),
          `${hex.slice(0, 2).join('')}.${hex.slice(2, 4).join('')}.${hex.slice(4).join('')}`,
        ]
        for (const spelling of spellings) assert.equal(properMac(spelling), mac)
      })
    )
    for (const wrong of [
      '01:00:5E:00:00:01',
      'FF:FF:FF:FF:FF:FF',
      '00:00:00:00:00:00',
      '02:11:22:33:44',
      '02:11:22:33:44:55:66',
      'g2:11:22:33:44:55',
      '',
    ]) {
      assert.isNull(properMac(wrong), wrong)
    }
  })

  test('are no placeholder, and no number that a spreadsheet rounded', ({ assert }) => {
    assert.deepEqual(properSerial('N/A'), { serial: null })
    assert.deepEqual(properSerial('1.23E+15'), { fault: 'rounded' })
    assert.deepEqual(properSerial('ab c'), { fault: 'serial' })
    assert.deepEqual(properSerial('JYZZF1AB0'), { serial: 'JYZZF1AB0' })
    for (const ip of ['10.0.0.256', '010.0.0.1', '10.0.0', '10.0.0.1:80', '::1']) {
      assert.isNull(properIp(ip), ip)
    }
    assert.equal(properIp('192.168.1.110'), '192.168.1.110')
    assert.deepEqual(splitModel('Antminer S19 Pro'), { make: 'Antminer', model: 'S19 Pro' })
    assert.deepEqual(splitModel('S19 Pro'), { model: 'S19 Pro' })
  })
})

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const word = fc.constantFrom('A', 'B', 'C')
const mac = fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:00:02')

const listed: fc.Arbitrary<ListedMiner> = fc
  .record({
    mac: maybe(mac),
    serial_number: maybe(fc.constantFrom('SN-0001', 'SN-0002')),
    ip: maybe(fc.constantFrom('10.0.0.1', '10.0.0.2')),
    rack: maybe(word),
    name: maybe(word),
    model: maybe(word),
    shelf: maybe(fc.nat(3)),
    notes: maybe(word),
  })
  .filter((row) => Boolean(row.mac ?? row.serial_number ?? row.ip))
  .map((row) => ({
    site_id: 'here',
    ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  }))

const bookOf = (row: ListedMiner, no: number, isMet: boolean): KnownMiner => ({
  zone_id: null,
  customer_id: null,
  mac: null,
  serial_number: null,
  ip: null,
  hostname: null,
  make: null,
  model: null,
  name: null,
  worker: null,
  rack: null,
  shelf: null,
  position: null,
  nameplate_hashrate_ths: null,
  nameplate_power_w: null,
  notes: null,
  ...row,
  id: `miner-${no}`,
  no,
  miner_key: keyFor(row),
  status: 'active',
  isMet,
})

const namesakesIn = (book: readonly KnownMiner[], row: ListedMiner) => {
  const by = (field: 'mac' | 'serial_number' | 'ip') =>
    book.find((miner) => row[field] !== undefined && miner[field] === row[field]) ?? null
  return { byMac: by('mac'), bySerial: by('serial_number'), byIp: by('ip') }
}

test.group('What a row does', () => {
  test('is done after it was done: the same row once more changes nothing', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(listed, fc.boolean()), { maxLength: 2 }),
        listed,
        (given, row) => {
          const book = given.map(([one, isMet], index) => bookOf(one, index + 1, isMet))
          const first = decide(row, namesakesIn(book, row))
          fc.pre(first.outcome === 'new' || first.outcome === 'changed')
          const after =
            first.miner === null
              ? [...book, bookOf(row, 9, false)]
              : book.map((miner) =>
                  miner.id === first.miner!.id ? { ...miner, ...first.apply } : miner
                )
          const second = decide(row, namesakesIn(after as KnownMiner[], row))
          assert.equal(second.outcome, 'same', JSON.stringify({ book, row, second }))
        }
      ),
      { numRuns: 2000 }
    )
  })

  test('never overrules what a machine says of itself, nor takes anything away', ({ assert }) => {
    fc.assert(
      fc.property(listed, listed, fc.boolean(), (one, row, isMet) => {
        const miner = bookOf(one, 1, isMet)
        const { apply, changes, outcome } = decide(row, namesakesIn([miner], row))
        for (const [field, value] of Object.entries(apply)) assert.isNotNull(value, field)
        if (outcome === 'new' || !isMet) return
        for (const field of ['mac', 'serial_number', 'ip', 'model'] as const) {
          if (changes[field]) assert.isNull(miner[field], field)
        }
        assert.notProperty(apply, 'miner_key')
      }),
      { numRuns: 2000 }
    )
  })
})

test.group('Cells of a list', () => {
  test('come back as they went, whatever stands in them', async ({ assert }) => {
    const cell = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '=1+1',
          "'=x",
          "''=x",
          '+1',
          '-1',
          '@a',
          '＝x',
          '"',
          ',;\t',
          'a\nb',
          "'",
          ''
        )
      )
      // What CSV cannot carry, and what every reader trims.
      .map((text) => text.replaceAll(/[\0\r\uFEFF]|[\uD800-\uDFFF]/g, '').trim())
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        async (rows) => {
          const head = ['MAC', 'IP', 'Name']
          const lines = rows.map((row) => ['x', ...row.slice(1)])
          const text = [head, ...lines]
            .map((row) => `${row.map((one) => csvCell(marked(one))).join(',')}\r\n`)
            .join('')
          const file = Buffer.from(`\uFEFF${text}`)
          const reading = await guessReading(file)
          assert.equal(reading.delimiter, ',')
          const back = []
          for await (const { cells } of fileRows(file, reading)) back.push(cells)
          assert.deepEqual(back, [head, ...lines])
        }
      ),
      { numRuns: 300 }
    )
  })
})
