import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { makeMember, makeTenant } from '#tests/helpers'
import { tokenFor } from '#tests/functional/api/helpers'
import { PROJECTION_FLAGS } from '../../services/projection_flags.js'
import { heatmapQuery, projectionQuery } from '../../validators_projection.js'

const QUESTION = {
  hashrateThs: 200,
  powerW: 3550,
  count: 100,
  usdPerKwh: 0.05,
  btcUsd: 100_000,
  difficulty: 119_120_000_000_000,
  poolFeePct: 2.5,
  feesSatsPerBlock: 2_000_000,
  startHeight: 1_000_000,
  startDate: '2026-12-01',
  days: 730,
  capexUsd: 320_000,
  difficultyGrowthPctPerMonth: 2,
  discountPctPerYear: 8,
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const flagsOf = (question: object) =>
  Object.entries(question).map(([name, value]) =>
    value === true ? `--${kebab(name)}` : `--${kebab(name)}=${value}`
  )

/** What a command prints, and how it ended. */
async function atConsole(name: string, flags: string[]) {
  const { write } = process.stdout
  const complain = process.stderr.write
  const lines: string[] = []
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  process.stderr.write = ((line: string) => lines.push(line) > 0) as typeof write
  try {
    const { exitCode } = await ace.exec(name, flags)
    return { exitCode, text: lines.join('') }
  } finally {
    process.stdout.write = write
    process.stderr.write = complain
  }
}

/** One operator, with a token that is only good for what a test asks. */
async function setUp(scopes = ['calculator.*']) {
  const { user } = await makeMember(await makeTenant(), 'operator')
  return { user, token: (await tokenFor(user, scopes, 1)).text }
}

test.group('Projection over the API', (group) => {
  group.each.teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })

  test('answer with booked months that add up, and the source of every input', async ({
    client,
    assert,
  }) => {
    const { token } = await setUp()
    const response = await client
      .post('/api/v1/calculator/projection')
      .bearerToken(token)
      .json({
        ...QUESTION,
        unplannedDowntimeLowPct: 1,
        unplannedDowntimeMidPct: 3,
        unplannedDowntimeHighPct: 8,
      })
    response.assertStatus(200)
    const answer = response.body()
    assert.lengthOf(answer.months, 25)
    for (const line of ['sats', 'revenueCents', 'energyCents', 'fixedCents', 'cashCents']) {
      const sum = answer.months.reduce((all: bigint, month: any) => all + BigInt(month[line]), 0n)
      assert.equal(String(sum), answer.totals[line], line)
    }
    assert.equal(answer.months.at(-1).cumulativeCents, answer.totals.cashCents)
    // 50,000 blocks of 144 a day to 1,050,000: the 348th day begins after it.
    assert.containSubset(answer.marks[0], { kind: 'halving', day: 348, height: 1_050_000 })
    assert.equal(answer.sources.difficultyGrowthPctPerEpoch.detail, 'from_month')
    assert.equal(answer.sources.btcUsd.source, 'typed')
    assert.includeMembers(answer.assumptions, ['flat_price', 'no_tax', 'fpps', 'no_resale'])
    assert.notInclude(answer.assumptions, 'always_on')
    const { low, high } = answer.uptimeBand
    assert.isBelow(low.npvUsd, answer.returns.npvUsd)
    assert.isAbove(high.npvUsd, answer.returns.npvUsd)
    assert.isNull(answer.estimates.btcPerDayByNetwork)
    assert.deepEqual(answer.variance, { bands: null, reason: 'E_FIXED_PAY' })
  })

  test('answer without an investment, saying why there is no return', async ({
    client,
    assert,
  }) => {
    const { token } = await setUp()
    const { capexUsd: _, ...question } = QUESTION
    const response = await client
      .post('/api/v1/calculator/projection')
      .bearerToken(token)
      .json(question)
    response.assertStatus(200)
    const { returns, capexCents, totals, sources } = response.body()
    assert.isNull(capexCents)
    assert.isNull(sources.capexUsd.value)
    assert.containSubset(returns, { npvUsd: null, npvReason: 'E_NO_CAPEX', paybackDays: null })
    assert.isAbove(Number(totals.cashCents), 0)
  })

  test('refuse {field}: {title}')
    .with([
      { title: 'no height is stored', change: { startHeight: undefined }, field: 'startHeight' },
      { title: 'another subsidy', change: { subsidySats: 625_000_000 }, field: 'subsidySats' },
      { title: 'two capital costs', change: { capexUsdPerMiner: 3 }, field: 'capexUsdPerMiner' },
      { title: 'no such day', change: { startDate: '2026-02-30' }, field: 'startDate' },
      {
        title: 'no open block',
        change: { usdPerKwh: undefined, tariffBlocks: '9:1' },
        field: 'tariffBlocks',
      },
      {
        title: 'falling limits',
        change: { usdPerKwh: undefined, tariffBlocks: '9:1,8:1,*:1' },
        field: 'tariffBlocks',
      },
      {
        title: 'no price in the entry',
        change: { usdPerKwh: undefined, tariffBlocks: '9:1, 10' },
        field: 'tariffBlocks.1.usdPerKwh',
      },
      { title: 'a part too many', change: { pricePoints: '0:1:2' }, field: 'pricePoints.0.btcUsd' },
      { title: 'days in no order', change: { pricePoints: '5:1,5:2' }, field: 'pricePoints' },
      { title: 'a host without a rate', change: { hosting: 'flat' }, field: 'hostingUsdPerKwh' },
      { title: 'tax without years', change: { taxRatePct: 20 }, field: 'depreciationYears' },
      {
        title: 'a pool smaller than the miner',
        change: { poolScheme: 'pplns', poolSharePct: 1e-9 },
        field: 'poolSharePct',
      },
      {
        title: 'downtimes in no order',
        change: { unplannedDowntimeLowPct: 9 },
        field: 'unplannedDowntimeLowPct',
      },
      { title: 'a horizon beyond reason', change: { days: 7301 }, field: 'days' },
    ])
    .run(async ({ client, assert }, { change, field }) => {
      const { token } = await setUp()
      const response = await client
        .post('/api/v1/calculator/projection')
        .bearerToken(token)
        .json({ ...QUESTION, ...change })
      response.assertStatus(422)
      const fields = response.body().errors.map((error: { field: string }) => error.field)
      assert.include(fields, field)
      for (const { message } of response.body().errors) {
        assert.notMatch(message, /translation missing|calculator_projection\./)
      }
    })

  test('refuse a token without the permission, and nobody', async ({ client }) => {
    const { token } = await setUp(['market.*'])
    for (const path of ['projection', 'heatmap', 'sensitivity']) {
      const url = `/api/v1/calculator/${path}`
      const refused = await client.post(url).bearerToken(token).json(QUESTION)
      refused.assertStatus(403)
      const nobody = await client.post(url).json(QUESTION)
      nobody.assertStatus(401)
    }
  })

  test('read compact lists as it reads JSON', async ({ client, assert }) => {
    const { token } = await setUp()
    const { usdPerKwh: _, ...rest } = QUESTION
    const ask = async (lists: object) => {
      const response = await client
        .post('/api/v1/calculator/projection')
        .bearerToken(token)
        .json({ ...rest, ...lists })
      response.assertStatus(200)
      return response.body()
    }
    const compact = await ask({
      tariffBlocks: '100000:0.05，200000：0.045; *:0.04',
      pricePoints: '0:100000, 365:120000',
    })
    const structured = await ask({
      tariffBlocks: [
        { upToKwh: 100_000, usdPerKwh: 0.05 },
        { upToKwh: 200_000, usdPerKwh: 0.045 },
        { upToKwh: null, usdPerKwh: 0.04 },
      ],
      pricePoints: [
        { day: 0, btcUsd: 100_000 },
        { day: 365, btcUsd: 120_000 },
      ],
    })
    assert.deepEqual(compact, structured)
    assert.equal(compact.sources.usdPerKwh.detail, 'month_mean')
  })
})

test.group('Projection at the console', (group) => {
  group.each.teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })

  test('answer what the API answers, with every option', async ({ client, assert }) => {
    const { token } = await setUp()
    const number = (min: number, max: number) =>
      fc.double({ min, max, noNaN: true }).map((value) => Number(value.toPrecision(6)))
    const questions = fc.record({
      difficultyGrowthPctPerMonth: number(-3, 5),
      priceGrowthPctPerYear: number(-30, 60),
      degradationPctPerMonth: number(0, 2),
      plannedDowntimePct: number(0, 10),
      discountPctPerYear: number(0, 25),
      resaleHalfLifeDays: number(100, 900),
      taxRatePct: number(1, 40),
      depreciationYears: number(1, 7),
      poolScheme: fc.constantFrom('fpps', 'pps', 'pps_plus', 'solo'),
      demandUsdPerKwMonth: number(0, 9),
      days: fc.integer({ min: 1, max: 1000 }),
      shutdownWhenNegative: fc.constant(true),
    })
    for (const change of fc.sample(questions, { numRuns: 40, seed: 20_261_125 })) {
      const question = { ...QUESTION, ...change }
      const api = await client
        .post('/api/v1/calculator/projection')
        .bearerToken(token)
        .json(question)
      assert.equal(api.status(), 200, JSON.stringify(api.body()))
      const { text } = await atConsole('calculator:project', [...flagsOf(question), '--json'])
      assert.deepEqual(JSON.parse(text), api.body())
    }
  }).timeout(60_000)

  test('draw the same heat map and tornado as the API', async ({ client, assert }) => {
    const { token } = await setUp()
    const axes = { btcUsdAxis: '80000, 100000', usdPerKwhAxis: '0.04, 0.05, 0.06' }
    const question = { ...QUESTION, ...axes }
    const api = await client.post('/api/v1/calculator/heatmap').bearerToken(token).json(question)
    api.assertStatus(200)
    assert.lengthOf(api.body().npvUsd, 3)
    const { text } = await atConsole('calculator:heatmap', [...flagsOf(question), '--json'])
    assert.deepEqual(JSON.parse(text), api.body())
    const tornado = await client
      .post('/api/v1/calculator/sensitivity')
      .bearerToken(token)
      .json(QUESTION)
    tornado.assertStatus(200)
    assert.lengthOf(tornado.body().bars, 10)
    const flags = [...flagsOf(QUESTION), '--json', '--sensitivity']
    const { sensitivity } = JSON.parse((await atConsole('calculator:project', flags)).text)
    assert.deepEqual(sensitivity, tornado.body().bars)
  })

  test('speak to people, and name what is missing', async ({ assert }) => {
    const { text, exitCode } = await atConsole('calculator:project', flagsOf(QUESTION))
    assert.notEqual(exitCode, 1)
    assert.match(text, /NPV in \$ +-?\d/)
    const map = await atConsole('calculator:heatmap', flagsOf(QUESTION))
    assert.lengthOf(map.text.trim().split('\n'), 11)
    const { startHeight: _, ...rest } = QUESTION
    const refused = await atConsole('calculator:project', flagsOf(rest))
    assert.equal(refused.exitCode, 1)
    assert.include(refused.text, 'startHeight: Type the block height')
  })

  test('offer an option for every field of the question', ({ assert }) => {
    const fields = Object.keys(projectionQuery.getProperties())
    assert.sameMembers([...Object.keys(PROJECTION_FLAGS), 'shutdownWhenNegative'], fields)
    const more = Object.keys(heatmapQuery.getProperties()).filter((name) => !fields.includes(name))
    assert.sameMembers(more, ['btcUsdAxis', 'usdPerKwhAxis'])
  })
})
