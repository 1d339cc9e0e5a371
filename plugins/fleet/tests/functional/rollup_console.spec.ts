import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { makeFleet, rowsIn, type TestFleet } from '../support/fleet_rows.js'
import { insertRawRows } from '../support/raw_rows.js'
import { BUCKET, markDue } from '../support/roll_up.js'

/** Runs a command in the tenant of the fleet; what it prints with --json, or the complaint. */
async function say({ tenant }: TestFleet, command: string, ...args: string[]) {
  const { stdout, stderr } = process
  const [write, complain] = [stdout.write, stderr.write]
  const [lines, complaints]: [string[], string[]] = [[], []]
  stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  stderr.write = ((line: string) => complaints.push(line) > 0) as typeof complain
  try {
    await ace.exec(command, [...args, '--tenant', tenant.slug, '--json'])
  } finally {
    Object.assign(stdout, { write })
    Object.assign(stderr, { write: complain })
  }
  return complaints.length > 0 ? complaints.join('') : JSON.parse(lines.join(''))
}

const fives = ({ tenant }: TestFleet) => rowsIn(tenant, 'fleet_telemetry_5min')

test.group('Roll-ups at the console', () => {
  test('say what is due, do it, and do a span again', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const from = Math.floor(Date.now() / BUCKET) * BUCKET - 6 * BUCKET
    const samples = Array.from({ length: 11 }, (_, index) => ({ no: 1, at: from + index * 60_000 }))
    await insertRawRows(fleet.tenant.id, samples)
    await markDue(fleet, [from])
    const due = { isDryRun: true, buckets: 1, days: 0 }
    assert.deepEqual(await say(fleet, 'fleet:rollup', '--dry-run'), due)
    assert.lengthOf(await fives(fleet), 0)
    const done = await say(fleet, 'fleet:rollup')
    assert.deepEqual([done.buckets, done.days], [1, 1])
    assert.deepEqual(await say(fleet, 'fleet:rollup'), { buckets: 0, days: 0 })

    const span = ['--from', new Date(from).toISOString()]
    const until = ['--to', new Date(from + 3 * BUCKET).toISOString()]
    assert.equal((await say(fleet, 'fleet:rollup', ...span, ...until)).buckets, 3)
    assert.lengthOf(await fives(fleet), 3)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_rollup_due'), 0)
    // Further back than samples are kept there is nothing to roll up again.
    const old = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02T00:00:00Z']
    assert.deepEqual(await say(fleet, 'fleet:rollup', ...old), { buckets: 0, days: 0 })
  })

  test('refuse what is no moment, and an end before the beginning', async ({ assert }) => {
    const fleet = await makeFleet(1)
    assert.match(await say(fleet, 'fleet:rollup', '--from', 'yesterday'), /^from: /)
    const turned = ['--from', '2026-01-02T00:00:00Z', '--to', '2026-01-01T00:00:00Z']
    assert.match(await say(fleet, 'fleet:rollup', ...turned), /^from: The end/)
  })

  test('say how long each layer is kept and what would be forgotten', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const answer = await say(fleet, 'fleet:retention', '--dry-run')
    assert.equal(answer.keptHours.fleet_telemetry_raw, 48)
    assert.equal(answer.forgotten.fleet_telemetry_daily, 0)
    assert.isTrue(answer.isDryRun)
  })
})
