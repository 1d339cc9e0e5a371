import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { xlsxOf } from '#core/xlsx'
import { zipOf } from '#core/zip'
import { asSystem, makeCustomer, makeSite } from '#tests/helpers'
import { makeFleet, makeZone, rowsIn } from '../support/fleet_rows.js'
import { applyList, checkList, importList, planOf, setRows } from '../support/lists.js'

/** Heads and a row as Foreman's own on-boarding file has them. */
const FOREMAN = `mac,serial,rack,row,index,name,static_ip,netmask,gateway,dns,hostname,pool_1_url,pool_1_user,pool_1_pass
ca:fe:ba:be:de:01,SN00001,R1,2,1,my_miner,192.168.1.110,255.255.255.0,192.168.1.1,0.0.0.0,host-1,stratum+tcp://a:1,farm.w1,secret
`

const codeOf = async (tenant: { id: string; slug: string; name: string }, table: string) =>
  (await rowsIn(tenant, table)).map(({ code }) => code as string)

test.group('A list of miners', () => {
  test('adds miners that nobody has seen, once', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const outcomes = await importList(fleet.tenant, FOREMAN, { siteId: fleet.siteId })
    assert.deepEqual(outcomes, ['new'])
    const [, miner] = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepInclude(miner, {
      no: 2,
      miner_key: 'mac:CA:FE:BA:BE:DE:01',
      mac: 'CA:FE:BA:BE:DE:01',
      serial_number: 'SN00001',
      ip: '192.168.1.110',
      rack: 'R1',
      shelf: 2,
      position: 1,
      name: 'my_miner',
      hostname: 'host-1',
      worker: 'farm.w1',
      driver: null,
      collector_id: null,
      status: 'active',
    })
    assert.notInclude(JSON.stringify(await rowsIn(fleet.tenant, 'fleet_import_rows')), 'secret')
    assert.deepEqual(await importList(fleet.tenant, FOREMAN, { siteId: fleet.siteId }), ['same'])
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 2)
    const events = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.list.imported' })
    assert.deepEqual(
      events.map(({ payload }) => [payload.facts.added, payload.facts.same]).sort(),
      [
        [0, 1],
        [1, 0],
      ]
    )
  })

  test('writes nothing while it is only checked', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const before = await rowsIn(fleet.tenant, 'fleet_miners')
    await checkList(fleet.tenant, FOREMAN, { siteId: fleet.siteId })
    assert.deepEqual(await rowsIn(fleet.tenant, 'fleet_miners'), before)
  })

  test('tells changes of a miner before and after, in the names people know', async ({
    assert,
  }) => {
    const fleet = await makeFleet(2)
    await asSystem(fleet.tenant, () => makeCustomer('Northern Light'))
    const [customer] = await codeOf(fleet.tenant, 'customers')
    const [zone] = await rowsIn(fleet.tenant, 'zones')
    const [first] = await rowsIn(fleet.tenant, 'fleet_miners', { no: 1 })
    const text = `mac,customer,zone,rack,notes\n${first.mac.toLowerCase()},${customer},${zone.code.toLowerCase()},A,"two\nlines"\n`
    const { id, rows } = await checkList(fleet.tenant, text, { siteId: fleet.siteId })
    assert.deepEqual(rows[0].changes, {
      customer: [null, 'Northern Light'],
      zone: [null, zone.name],
      rack: [null, 'A'],
      notes: [null, 'two\nlines'],
    })
    assert.isTrue(await applyList(fleet.tenant, id))
    const [after] = await rowsIn(fleet.tenant, 'fleet_miners', { no: 1 })
    assert.deepInclude(after, { rack: 'A', notes: 'two\nlines', name: null, model: 'S19 Pro' })
    const [live] = await rowsIn(fleet.tenant, 'fleet_telemetry_live', { miner_no: 1 })
    assert.equal(live.customer_id, after.customer_id)
    assert.isNotNull(after.customer_id)
  })

  test('lets a machine that was met say itself what it is', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const [miner] = await rowsIn(fleet.tenant, 'fleet_miners')
    const text = `mac,serial,ip,model,hashrate\n${miner.mac},SN12345,10.9.9.9,M60,200\n`
    const { rows } = await checkList(fleet.tenant, text, { siteId: fleet.siteId })
    assert.deepEqual(rows[0].apply, { serial_number: 'SN12345', nameplate_hashrate_ths: 200 })
    assert.deepEqual(
      rows[0].faults.map(({ field, key }: { field: string; key: string }) => [field, key]),
      [
        ['ip', 'says_itself'],
        ['model', 'says_itself'],
      ]
    )
  })

  test('shows conflicts with the books', async ({ assert }) => {
    const fleet = await makeFleet(4)
    const away = await asSystem(fleet.tenant, () => makeSite())
    const miners = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    await setRows(fleet.tenant, 'fleet_miners', { no: 2 }, { site_id: away })
    await setRows(fleet.tenant, 'fleet_miners', { no: 3 }, { serial_number: 'SERIAL-3' })
    await setRows(fleet.tenant, 'fleet_miners', { no: 4 }, { status: 'retired' })
    const lines = [
      `02:11:11:11:11:11,,${miners[0].ip},`,
      `${miners[1].mac},,,`,
      `${miners[0].mac},SERIAL-3,,`,
      `02:11:11:11:11:12,SERIAL-3,,`,
      `${miners[3].mac},,,`,
      `02:11:11:11:11:13,,,Nowhere`,
    ]
    const { rows, outcomes } = await checkList(
      fleet.tenant,
      `mac,serial,ip,customer\n${lines.join('\n')}\n`,
      { siteId: fleet.siteId }
    )
    assert.deepEqual([...new Set(outcomes)], ['conflict'])
    assert.deepEqual(
      rows.map(({ faults }) => faults[0].key),
      ['ip_of', 'other_site', 'serial_of', 'other_mac', 'retired', 'unknown_customer']
    )
  })

  test('shows what the file says twice, and places that are taken', async ({ assert }) => {
    const fleet = await makeFleet(1)
    await setRows(fleet.tenant, 'fleet_miners', { no: 1 }, { rack: 'A', position: 1 })
    const [miner] = await rowsIn(fleet.tenant, 'fleet_miners')
    const { rows } = await checkList(
      fleet.tenant,
      [
        'mac,ip,rack,position',
        '02:11:11:11:11:01,10.5.0.1,A,2',
        '02:11:11:11:11:01,10.5.0.2,,',
        '02:11:11:11:11:03,10.5.0.1,,',
        '02:11:11:11:11:04,10.5.0.4,A,2',
        '02:11:11:11:11:05,10.5.0.5,A,1',
        `${miner.mac},,B,1`,
        '02:11:11:11:11:06,10.5.0.6,B,1',
      ].join('\n'),
      { siteId: fleet.siteId }
    )
    assert.deepEqual(
      rows.map(({ outcome, faults }) => [
        outcome,
        faults?.[0].key ?? null,
        faults?.[0].args ?? null,
      ]),
      [
        ['new', null, null],
        ['conflict', 'twice', { line: 2 }],
        ['conflict', 'twice', { line: 2 }],
        ['conflict', 'place_twice', { line: 2 }],
        // The miner that stood there moves away with line 7.
        ['new', null, null],
        ['changed', null, null],
        ['conflict', 'place_of', { no: 1 }],
      ]
    )
  })

  test('names the field of each cell that cannot be read, and loses no row', async ({ assert }) => {
    const fleet = await makeFleet(0)
    const long = 'x'.repeat(81)
    const { rows, outcomes } = await checkList(
      fleet.tenant,
      [
        'mac;serial;ip;rack;row;index;name;hashrate',
        'nonsense;;;;;;;',
        '02:11:11:11:11:01;;10.0.0.999;;;;;',
        ';1.23E+15;;;;;;',
        ';;;R1;1;1;nobody;',
        `02:11:11:11:11:02;;;;-1;1.5;${long};abc`,
        '02:11:11:11:11:03;;;;;;#REF!;1,5',
        '01:00:5e:00:00:01;;;;;;multicast;',
        '02:11:11:11:11:04;;;;;;good;104,5',
      ].join('\r\n'),
      { siteId: fleet.siteId }
    )
    assert.deepEqual(outcomes, [...Array.from({ length: 7 }, () => 'bad'), 'new'])
    assert.deepEqual(
      rows
        .slice(0, 7)
        .map(({ faults }) =>
          faults.map(({ field, key }: { field: string; key: string }) => `${field} ${key}`)
        ),
      [
        ['mac mac'],
        ['ip ip'],
        ['serial rounded'],
        ['mac nobody'],
        ['name long', 'shelf range', 'position range', 'expectedThs number'],
        ['name formula'],
        ['mac mac'],
      ]
    )
    assert.equal(rows[7].apply.nameplate_hashrate_ths, 104.5)
  })

  test('writes nothing when the fleet changed since the check', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const text = `mac,rack\n02:11:11:11:11:01,A\n`
    const { id } = await checkList(fleet.tenant, text, { siteId: fleet.siteId })
    await importList(fleet.tenant, `mac,rack\n02:11:11:11:11:01,B\n`, { siteId: fleet.siteId })
    assert.isFalse(await applyList(fleet.tenant, id))
    const { rows } = await planOf(fleet.tenant, id)
    assert.deepEqual(rows[0].changes, { rack: ['B', 'A'] })
    assert.isTrue(await applyList(fleet.tenant, id))
  })

  test('reads a workbook: formulas by the value they were saved with, text as text', async ({
    assert,
  }) => {
    const fleet = await makeFleet(0)
    const file = await xlsxOf([
      {
        name: '矿机',
        head: ['MAC地址', '机架', '层', '位置', '名称', '额定功率 (kW)', '备注'],
        rows: [
          ['02-11-11-11-11-01', 'A1', 3, 4, '=HYPERLINK("http://evil.example")', 3.25, 'a\nb'],
          ['021111111102', 'A1', 3, 5, "'=quoted", null, null],
        ],
      },
    ])
    assert.deepEqual(await importList(fleet.tenant, file, { siteId: fleet.siteId }), ['new', 'new'])
    const miners = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepEqual(
      miners.map((row) => [row.mac, row.shelf, row.name, row.nameplate_power_w, row.notes]),
      [
        ['02:11:11:11:11:01', 3, '=HYPERLINK("http://evil.example")', 3250, 'a\nb'],
        ['02:11:11:11:11:02', 3, "'=quoted", null, null],
      ]
    )
  })

  test('stands before a hostile workbook', async ({ assert }) => {
    const fleet = await makeFleet(0)
    const cell = (text: string, type = 'inlineStr') =>
      type === 'inlineStr' ? `<c t="inlineStr"><is><t>${text}</t></is></c>` : text
    const rows = [
      `<row r="1">${cell('MAC')}${cell('名称&#xD83D;')}${cell('Name')}</row>`,
      `<row r="2">${cell('02:11:11:11:11:01')}<c/>${cell('half &#xD83D;')}</row>`,
      `<row r="2">${cell('02:11:11:11:11:02')}<c/><c t="str"><f>HYPERLINK("x")</f><v>saved</v></c></row>`,
      `<row r="99999999999">${cell('02:11:11:11:11:03')}<c/><c t="e"><f>A1</f><v>#REF!</v></c></row>`,
      `<row r="-4">${cell('02:11:11:11:11:04')}<c/><c t="str"><f>1+1</f></c></row>`,
      `<row r="x">${cell(`${'x'.repeat(59)}😀`)}</row>`,
    ]
    const members = {
      'xl/workbook.xml': '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
      'xl/worksheets/s.xml': `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`,
    }
    const pieces = zipOf(Object.entries(members).map(([name, text]) => ({ name, text: [text] })))
    const { rows: planned } = await checkList(
      fleet.tenant,
      await buffer(Readable.from(pieces, { objectMode: false })),
      { siteId: fleet.siteId, columns: { mac: 0, name: 2 } }
    )
    assert.deepEqual(
      planned.map(({ line, outcome, apply, faults }) => [
        line,
        outcome,
        apply?.name ?? null,
        faults?.[0].key ?? null,
      ]),
      [
        [2, 'bad', null, 'control'],
        [3, 'new', 'saved', null],
        [4, 'bad', null, 'formula'],
        [5, 'new', null, null],
        [6, 'bad', null, 'mac'],
      ]
    )
  })

  test('finds sites by code, zones within them', async ({ assert }) => {
    const fleet = await makeFleet(0)
    const { siteId, zoneId } = await asSystem(fleet.tenant, async () => {
      const site = await makeSite('Second')
      return { siteId: site, zoneId: await makeZone(site, 'Hall 2') }
    })
    const [site] = await rowsIn(fleet.tenant, 'sites', { id: siteId })
    const text = `site,zone,ip\n${site.code},Hall 2,10.0.0.1\n${site.name},,10.0.0.2\nnone,,10.0.0.3\n`
    const { rows, outcomes } = await checkList(fleet.tenant, text)
    assert.deepEqual(outcomes, ['new', 'new', 'conflict'])
    assert.deepInclude(rows[0].apply, {
      site_id: siteId,
      zone_id: zoneId,
      miner_key: 'ip:10.0.0.1',
    })
    assert.deepEqual(rows[2].faults, [
      { field: 'site', key: 'unknown_site', args: { text: 'none' } },
    ])
  })
})
