import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { newId } from '#core/ids'
import { bearer, inTenant, tokenFor } from '#tests/functional/api/helpers'
import { asSystem, makeCustomer, makeMember, makeTenant } from '#tests/helpers'
import { GOLDEN } from '../support/answers.js'
import { QUESTION, save } from '../support/scenarios.js'

const API = '/api/v1/calculator/scenarios'

async function setUp() {
  const tenant = await makeTenant()
  const { user } = await makeMember(tenant, 'operator')
  const { text } = await tokenFor(user, ['calculator.*'])
  return { tenant, user, authorization: bearer(text) }
}

/** Runs a console command and gives what it wrote. */
async function run(name: string, flags: string[]) {
  const out: string[] = []
  const { write } = process.stdout
  const complain = process.stderr.write
  process.stdout.write = ((text: string) => out.push(text) > 0) as typeof write
  process.stderr.write = (() => true) as typeof complain
  try {
    const { exitCode } = await ace.exec(name, flags)
    return { exitCode, text: out.join(''), json: () => JSON.parse(out.join('')) }
  } finally {
    process.stdout.write = write
    process.stderr.write = complain
  }
}

test.group('The API of scenarios', () => {
  test('save, give and list with the same figures as the calculator itself', async ({
    client,
    assert,
  }) => {
    const { authorization } = await setUp()
    const ask = client.post('/api/v1/calculator/profit').header('Authorization', authorization)
    const profit = (await ask.json(GOLDEN)).body()
    const made = await client
      .post(API)
      .header('Authorization', authorization)
      .json({ name: 'Golden', note: 'n', query: GOLDEN })
    assert.equal(made.status(), 201, made.text())
    const { id, saved, now, kind, query } = made.body()
    assert.equal(kind, 'day')
    assert.equal(query.usdPerKwh, '0.05')
    assert.deepEqual(saved.day, profit)
    assert.deepEqual(now.day, profit)
    const one = await client.get(`${API}/${id}`).header('Authorization', authorization)
    assert.deepEqual(one.body().saved, saved)
    const list = await client.get(API).header('Authorization', authorization)
    assert.isNull(list.body().nextCursor)
    const [row] = list.body().data
    assert.equal(row.id, id)
    assert.equal(row.savedProfitCents, '603091')
    assert.equal(row.nowProfitCents, '603091')
  })

  test('refuse bad input beside its field, a missing scope and a foreign id', async ({
    client,
    assert,
  }) => {
    const { user, authorization } = await setUp()
    const send = (body: object) =>
      client.post(API).header('Authorization', authorization).json(body)
    const fieldsOf = async (body: object) => {
      const response = await send(body)
      assert.equal(response.status(), 422)
      return JSON.parse(response.text()).errors.map(({ field }: { field: string }) => field)
    }
    assert.deepEqual(await fieldsOf({ name: 'x', query: { ...GOLDEN, powerW: -1 } }), ['powerW'])
    const { usdPerKwh: _, ...half } = GOLDEN
    assert.deepEqual(await fieldsOf({ name: 'x', query: half }), ['usdPerKwh'])
    assert.deepEqual(await fieldsOf({ query: GOLDEN }), ['name'])
    assert.deepEqual(await fieldsOf({ name: 'x', kind: 'wish', query: GOLDEN }), ['kind'])
    const narrow = bearer((await tokenFor(user, ['calculator.scenario.view'])).text)
    const denied = await client.post(API).header('Authorization', narrow).json({})
    assert.equal(denied.status(), 403)
    const id = await save(client, user)
    const other = await setUp()
    for (const wanted of [id, newId(), 'no-id']) {
      const foreign = await client
        .get(`${API}/${wanted}`)
        .header('Authorization', other.authorization)
      assert.equal(foreign.status(), 404)
    }
  })

  test('give a client only what belongs to their customer', async ({ client, assert }) => {
    const { tenant, user } = await setUp()
    const customerId = await asSystem(tenant, () => makeCustomer())
    const { user: theirs } = await makeMember(tenant, 'client', { customerId })
    await save(client, user, { name: 'House' })
    await save(client, theirs, { name: 'Client' })
    const token = bearer((await tokenFor(theirs, ['calculator.*'])).text)
    const list = await client.get(API).header('Authorization', token)
    assert.deepEqual(
      list.body().data.map(({ name }: { name: string }) => name),
      ['Client']
    )
  })
})

test.group('The console of scenarios', () => {
  test('do what the page does, and nothing on a dry run', async ({ client, assert }) => {
    const { tenant } = await setUp()
    const at = ['--json', `--tenant=${tenant.slug}`]
    const query = `--query=${new URLSearchParams(QUESTION)}`
    const dry = await run('calculator:scenario:save', ['--name=Night', query, '--dry-run', ...at])
    assert.isTrue(dry.json().dryRun)
    assert.deepEqual((await run('calculator:scenarios', at)).json(), [])
    const { id } = (await run('calculator:scenario:save', ['--name=Night', query, ...at])).json()
    const names = async () =>
      (await run('calculator:scenarios', at)).json().map(({ name }: { name: string }) => name)
    assert.deepEqual(await names(), ['Night'])
    const detail = (await run('calculator:scenario', [id, ...at])).json()
    assert.closeTo(detail.now.day.profitUsdPerDay, 6030.91, 0.005)
    assert.deepEqual(detail.saved.day, detail.now.day)

    for (const [verb, ...flags] of [
      ['archive'],
      ['rename', '--name=Day'],
      ['copy', '--name=Twin'],
      ['share'],
    ] as [string, ...string[]][]) {
      const command = `calculator:scenario:${verb}`
      assert.isTrue((await run(command, [id, ...flags, '--dry-run', ...at])).json().dryRun, verb)
    }
    assert.deepEqual(await names(), ['Night'])
    assert.deepEqual((await run('calculator:scenario:links', [id, ...at])).json(), [])

    await run('calculator:scenario:rename', [id, '--name=Day', ...at])
    await run('calculator:scenario:copy', [id, '--name=Twin', ...at])
    assert.deepEqual(await names(), ['Twin', 'Day'])
    await run('calculator:scenario:archive', [id, ...at])
    assert.deepEqual(await names(), ['Twin'])
    await run('calculator:scenario:restore', [id, ...at])
    assert.deepEqual(await names(), ['Twin', 'Day'])

    const { path } = (await run('calculator:scenario:share', [id, '--days=2', ...at])).json()
    assert.equal((await client.get(path)).status(), 200)
    const [link] = (await run('calculator:scenario:links', [id, ...at])).json()
    assert.deepEqual([link.state, link.views], ['open', 1])
    await run('calculator:scenario:unshare', [id, ...at])
    assert.equal((await client.get(path)).status(), 404)
    const tracked = await inTenant(tenant, (trx) =>
      trx
        .from('audit_events')
        .where('tenant_id', tenant.id)
        .where('name', 'like', 'calculator.%')
        .select('via')
    )
    assert.deepEqual(new Set(tracked.map(({ via }) => via)), new Set(['console']))
  })

  test('write a file, and refuse what is not there or not told', async ({ assert }) => {
    const { tenant } = await setUp()
    const at = ['--json', `--tenant=${tenant.slug}`]
    const query = `--query=${new URLSearchParams(QUESTION)}`
    const { id } = (await run('calculator:scenario:save', ['--name=Night', query, ...at])).json()
    const out = join(mkdtempSync(join(tmpdir(), 'hi-')), 'night.csv')
    await run('calculator:scenario:export', [id, `--out=${out}`, ...at])
    assert.include(readFileSync(out, 'utf8'), 'Profit a day ($)')
    for (const [command, ...flags] of [
      ['export', id, '--out=night.pdf'],
      ['archive', newId()],
      ['save', query],
      ['save', '--name=x', '--query=hashrateThs=1'],
      ['share', id, '--days=366'],
    ] as [string, ...string[]][]) {
      const refused = await run(`calculator:scenario:${command}`, [...flags, ...at])
      assert.equal(refused.exitCode, 1, command)
      assert.equal(refused.text, '')
    }
  })
})
