import { readFile, writeFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { asSystem, makeMember, makeTenant, unique } from '#tests/helpers'
import { tokenFor } from '#tests/functional/api/helpers'
import { current } from '#core/current'
import { BATCH_FIELDS } from '../../domain/batch_fields.js'
import { loadContext } from '../../services/input_context.js'
import { priceMiner, type ProfitAnswer } from '../../services/price_miner.js'
import { batchIn, makeBatch, SHARED, workOffIn } from '../support/batches.js'

const between = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => Number(value.toPrecision(12)))

const rows = fc.record(
  {
    name: fc.constantFrom('Hall A', 'B, "the second"', '大厅', '=1+1'),
    count: fc.integer({ min: 1, max: 5000 }),
    hashrateThs: between(0, 1200),
    powerW: between(0, 8000),
    usdPerKwh: between(-0.05, 0.5),
    poolFeePct: between(0, 100),
    overheadPct: between(0, 60),
    fixedUsdPerDay: between(0, 1000),
    btcUsd: between(0.01, 1e6),
    difficulty: between(1e12, 2e14),
    networkHashrateThs: between(1, 2e9),
  },
  { requiredKeys: ['count', 'hashrateThs', 'powerW'] }
)

const RUNS = 1000
const FIELDS = BATCH_FIELDS.filter((field) => field !== 'model')
type Sample = Partial<Record<(typeof FIELDS)[number], string | number>>

const cellOf = (value: string | number | undefined) => {
  const text = value === undefined ? '' : String(value)
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const csvOf = (samples: readonly Sample[]) =>
  [
    FIELDS.join(','),
    ...samples.map((row) => FIELDS.map((field) => cellOf(row[field])).join(',')),
  ].join('\n')

/** What the single calculator answers to each row. */
const singles = (tenant: { id: string }, samples: readonly Sample[]) =>
  asSystem(tenant, async () => {
    const context = await loadContext(new Date(), 'all')
    return samples.map(({ name: _, ...query }) =>
      priceMiner({ ...SHARED, ...(query as object) }, context)
    )
  })

/** The database keeps no sign of zero. */
const withoutMinusZero = (value: number | null) => (value === null ? null : value + 0)

const LINES = ['sats', 'revenueCents', 'electricityCents', 'fixedCents', 'profitCents'] as const

/** Sums by hand: the plain sum of what each single answer would book. */
const sumOf = (answers: readonly ProfitAnswer[]) =>
  Object.fromEntries(
    LINES.map((line) => [
      line,
      answers.reduce((sum, { booked }) => sum + booked[line], 0n).toString(),
    ])
  )

async function atConsole(args: string[]) {
  const { write } = process.stdout
  const lines: string[] = []
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  try {
    await ace.exec('calculator:batch', [...args, '--json'])
  } finally {
    process.stdout.write = write
  }
  return JSON.parse(lines.join(''))
}

test.group('A batch and the single calculator', () => {
  test('give the same figures for 1,000 random rows, and totals that are their sums', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const samples: Sample[] = fc.sample(rows, { numRuns: RUNS, seed: 20_261_125 })
    const answers = await singles(tenant, samples)
    const sums = sumOf(answers)
    const miners = samples.reduce((sum, { count }) => sum + Number(count), 0)

    const id = await makeBatch(tenant, csvOf(samples))
    assert.equal(await workOffIn(tenant, id), 'done')
    const batch = await batchIn(tenant, id)
    assert.equal(batch.rowsPriced, RUNS)
    assert.deepEqual(batch.totals, { ...sums, miners: String(miners) })
    const stored = await asSystem(tenant, () =>
      current.get().client.from('calculator_batch_rows').where('batch_id', id).orderBy('line')
    )
    stored.forEach((row, index) => {
      const { booked, sources, breakEvenUsdPerBtc, breakEvenUsdPerKwh } = answers[index]!
      assert.deepEqual(
        [row.sats, row.revenue_cents, row.electricity_cents, row.fixed_cents, row.profit_cents],
        LINES.map((line) => booked[line].toString())
      )
      assert.deepEqual(
        [row.hashrate_ths, row.power_w, row.break_even_usd_per_btc, row.break_even_usd_per_kwh],
        [
          sources.hashrateThs.value,
          sources.powerW.value,
          breakEvenUsdPerBtc,
          breakEvenUsdPerKwh,
        ].map(withoutMinusZero)
      )
    })

    const token = (await tokenFor(user, ['calculator.*'], 1)).text
    const asked = await client
      .post('/api/v1/calculator/batch')
      .bearerToken(token)
      .json({ shared: SHARED, rows: samples })
    asked.assertStatus(200)
    const api = asked.body()
    assert.deepEqual(api.totals, { ...sums, miners: String(miners) })
    api.rows.forEach((row: Record<string, unknown>, index: number) => {
      const { booked } = answers[index]!
      assert.deepEqual(
        LINES.map((line) => row[line]),
        LINES.map((line) => booked[line].toString())
      )
    })
    for (const index of [0, 333, 999]) {
      const { name: _, ...query } = samples[index]!
      const single = await client
        .post('/api/v1/calculator/profit')
        .bearerToken(token)
        .json({ ...SHARED, ...query })
      assert.deepInclude(api.rows[index], single.body().booked)
    }

    const [input, out] = ['in', 'out'].map((word) => join(tmpdir(), `${unique(word)}.csv`))
    const { btcUsd, difficulty, usdPerKwh, poolFeePct } = SHARED
    const full = samples.map((row) => ({ btcUsd, difficulty, usdPerKwh, poolFeePct, ...row }))
    await writeFile(input!, csvOf(full))
    const printed = await atConsole([input!, '--out', out!, '--tenant', tenant.slug])
    assert.deepEqual(printed.totals, { ...sums, miners: String(miners) })
    const lines: string[][] = parse(await readFile(out!, 'utf8'), { bom: true })
    assert.lengthOf(lines, RUNS + 1)
    lines.slice(1).forEach((line, index) => {
      assert.equal(line[8], answers[index]!.booked.sats.toString())
    })
    await Promise.all([rm(input!), rm(out!)])
  }).timeout(120_000)

  test('give the same through the background for more rows than are answered at once', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const token = (await tokenFor(user, ['calculator.*'], 1)).text
    const ask = (path: string) => client.get(`/api/v1/calculator/${path}`).bearerToken(token)
    const samples: Sample[] = fc.sample(rows, { numRuns: 1200, seed: 7 })
    const answer = await client
      .post('/api/v1/calculator/batch')
      .bearerToken(token)
      .json({ name: 'nightly', shared: SHARED, rows: [...samples, { model: 'nothing', count: 1 }] })
    answer.assertStatus(202)
    const { id, state, rows: none } = answer.body()
    assert.deepEqual([state, none], ['waiting', null])
    assert.equal(await workOffIn(tenant, id), 'done')
    const done = await ask(`batches/${id}`)
    assert.deepInclude(done.body(), { state: 'done', rowsPriced: 1200, rowsRefused: 1 })
    assert.deepInclude(done.body().totals, sumOf(await singles(tenant, samples)))
    assert.equal(done.body().sources.btcUsd.source, 'typed')

    let cursor: string | null = ''
    const lines: number[] = []
    while (cursor !== null) {
      const page: { assertStatus(status: number): void; body(): any } = await ask(
        `batches/${id}/rows`
      ).qs({ limit: 200, ...(cursor ? { cursor } : {}) })
      page.assertStatus(200)
      lines.push(...page.body().data.map(({ line }: { line: number }) => line))
      cursor = page.body().nextCursor
    }
    assert.deepEqual(
      lines,
      Array.from({ length: 1200 }, (_, index) => index + 1)
    )
    const faults = await ask(`batches/${id}/faults`)
    assert.equal(faults.body().data[0].faults[0].field, 'model')
    const list = await ask('batches')
    assert.equal(list.body().data[0].id, id)
    const gone = await client.delete(`/api/v1/calculator/batches/${id}`).bearerToken(token)
    gone.assertStatus(200)
    const missing = await ask(`batches/${id}`)
    missing.assertStatus(404)
  })

  test('answer a bad row beside the good ones', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const token = (await tokenFor(user, ['calculator.*'], 1)).text
    const answer = await client
      .post('/api/v1/calculator/batch')
      .bearerToken(token)
      .json({
        shared: SHARED,
        rows: [{ model: 'S21' }, { model: 'S21', count: -1 }, { powerW: 'x', hashrateThs: 1 }, {}],
      })
    answer.assertStatus(200)
    const { rowsPriced, refused } = answer.body()
    assert.equal(rowsPriced, 1)
    assert.deepEqual(
      refused.map(({ line, faults }: { line: number; faults: { field: string }[] }) => [
        line,
        faults[0]!.field,
      ]),
      [
        [2, 'count'],
        [3, 'powerW'],
        [4, 'hashrateThs'],
      ]
    )
  })
})
