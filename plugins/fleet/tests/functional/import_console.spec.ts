import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { asSystem } from '#tests/helpers'
import { forgetRows } from '../../services/retention.js'
import { makeFleet, rowsIn, type TestFleet } from '../support/fleet_rows.js'
import { checkList, countOn, importList } from '../support/lists.js'

interface Said {
  answer: any
  complaint: string
  exitCode: number | undefined
}

/** Runs the command in the tenant of the fleet. */
async function say({ tenant }: TestFleet, ...args: string[]): Promise<Said> {
  const { stdout, stderr } = process
  const [write, complain] = [stdout.write, stderr.write]
  const [lines, complaints]: [string[], string[]] = [[], []]
  stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  stderr.write = ((line: string) => complaints.push(line) > 0) as typeof complain
  try {
    const command = await ace.exec('fleet:import', [...args, '--tenant', tenant.slug, '--json'])
    const text = lines.join('')
    return {
      answer: text === '' ? null : JSON.parse(text),
      complaint: complaints.join(''),
      exitCode: command.exitCode,
    }
  } finally {
    Object.assign(stdout, { write })
    Object.assign(stderr, { write: complain })
  }
}

test.group('A list at the console', (group) => {
  const folder = mkdtempSync(join(tmpdir(), 'hashinsight-list-'))
  group.teardown(() => rmSync(folder, { recursive: true }))

  const fileOf = (text: string) => {
    const path = join(folder, 'list.csv')
    writeFileSync(path, text)
    return path
  }

  const start = async () => {
    const fleet = await makeFleet(1)
    await countOn(fleet.tenant)
    const [site] = await rowsIn(fleet.tenant, 'sites')
    return { fleet, site: site.code as string }
  }

  test('says what it would do and leaves no trace, then does it', async ({ assert }) => {
    const { fleet, site } = await start()
    const file = fileOf('Ethernet,Level\n02:11:11:11:11:01,1\nnonsense,2\n')
    const args = [file, '--site', site, '--map', 'mac=Ethernet']
    const events = () => rowsIn(fleet.tenant, 'audit_events')
    const dry = await say(fleet, ...args, '--dry-run')
    assert.deepInclude(dry.answer, { isDryRun: true, added: 1, bad: 1, conflicts: 0 })
    assert.deepEqual(dry.answer.left, [
      {
        line: 3,
        outcome: 'bad',
        label: 'nonsense',
        reasons: ['MAC: “nonsense” is no MAC address of a machine.'],
      },
    ])
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 1)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_imports'), 0)
    assert.lengthOf(await events(), 0)
    const done = await say(fleet, ...args)
    assert.deepInclude(done.answer, { isDryRun: false, added: 1, bad: 1 })
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 2)
    assert.sameMembers(
      (await events()).map(({ name }) => name),
      ['fleet.list.uploaded', 'fleet.list.checked', 'fleet.list.imported']
    )
    const again = await say(fleet, ...args)
    assert.deepInclude(again.answer, { added: 0, changed: 0, same: 1, bad: 1 })
  })

  test('refuses what it cannot do, names the field, and writes nothing', async ({ assert }) => {
    const { fleet, site } = await start()
    const file = fileOf('mac\n02:11:11:11:11:01\nnonsense\n')
    for (const [args, words] of [
      [[join(folder, 'none.csv')], 'file: There is no file'],
      [[file], 'siteId: No site'],
      [[file, '--site', 'nowhere'], 'site: There is no site “nowhere”.'],
      [[file, '--site', site, '--map', 'mac=Ethernet'], 'map: “mac=Ethernet” is not'],
      [
        [file, '--site', site, '--strict'],
        'file: One row is bad or a conflict, the first in line 3',
      ],
    ] as const) {
      const { complaint, exitCode } = await say(fleet, ...args)
      assert.include(complaint, words)
      assert.equal(exitCode, 1)
    }
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 1)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_imports'), 0)
  })
})

test.group('Lists that nobody applied', () => {
  test('are forgotten after a week with their file; what was applied stays without it', async ({
    assert,
  }) => {
    const fleet = await makeFleet(0)
    const text = (no: number) => `mac\n02:11:11:11:11:0${no}\n`
    await importList(fleet.tenant, text(1), { siteId: fleet.siteId })
    await checkList(fleet.tenant, text(2), { siteId: fleet.siteId })
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
    const forget = (now: Date) => asSystem(fleet.tenant, () => forgetRows(now))
    const early = await forget(inDays(6))
    assert.deepInclude(early, { fleet_imports: 0, fleet_import_files: 0 })
    const late = await forget(inDays(8))
    assert.deepInclude(late, { fleet_imports: 1 })
    const left = await rowsIn(fleet.tenant, 'fleet_imports')
    assert.deepEqual(
      left.map(({ state }) => state),
      ['applied']
    )
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_import_files'), 0)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_import_rows'), 1)
  })
})
