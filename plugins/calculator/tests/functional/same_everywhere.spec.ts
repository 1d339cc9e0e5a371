import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { makeMember, makeTenant } from '#tests/helpers'
import { tokenFor } from '#tests/functional/api/helpers'
import { answerOf } from '../support/answers.js'

/** A thousand take two minutes; EXHAUSTIVE=1 does them. */
const RUNS = process.env.EXHAUSTIVE === '1' ? 1000 : 200
const SEED = 20_261_124
/** A token may ask 600 times a minute: six of them share the work. */
const TOKENS = 6

const between = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => Number(value.toPrecision(12)))

const questions = fc.record({
  count: fc.integer({ min: 1, max: 5000 }),
  hashrateThs: between(0, 1200),
  powerW: between(0, 8000),
  difficulty: between(1, 2e14),
  networkHashrateThs: between(1, 2e9),
  subsidySats: fc.constantFrom(625_000_000, 312_500_000, 156_250_000),
  feesSatsPerBlock: fc.integer({ min: 0, max: 50_000_000 }),
  btcUsd: between(0.01, 1e6),
  usdPerKwh: between(-0.05, 0.5),
  poolFeePct: between(0, 100),
  overheadPct: between(0, 60),
  fixedUsdPerDay: between(0, 1000),
})

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const flagsOf = (question: object) =>
  Object.entries(question).map(([name, value]) =>
    name === 'feesSatsPerBlock' ? `--fees-sats=${value}` : `--${kebab(name)}=${value}`
  )

/** What the command prints, run in this process: starting a thousand would test the shell. */
async function atConsole(question: object) {
  const { write } = process.stdout
  const lines: string[] = []
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  try {
    await ace.exec('calculator:profit', [...flagsOf(question), '--json'])
  } finally {
    process.stdout.write = write
  }
  return JSON.parse(lines[0]!)
}

test.group('One calculation', () => {
  test('answer the same on the page, in the API, in the heat map and at the console', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const tokens = await Promise.all(
      Array.from({ length: TOKENS }, async () => (await tokenFor(user, ['calculator.*'], 1)).text)
    )
    const samples = fc.sample(questions, { numRuns: RUNS, seed: SEED })
    for (const [index, question] of samples.entries()) {
      const page = await client.get('/calculator').qs(question).loginAs(user)
      const shown = answerOf(page.text())
      const api = await client
        .post('/api/v1/calculator/profit')
        .bearerToken(tokens[index % TOKENS]!)
        .json(question)
      assert.equal(api.status(), 200)
      assert.deepEqual(shown, api.body(), JSON.stringify(question))
      assert.deepEqual(await atConsole(question), shown, JSON.stringify(question))
      const { btcUsd, usdPerKwh } = question
      const grid = await client
        .post('/api/v1/calculator/heatmap')
        .bearerToken(tokens[index % TOKENS]!)
        .json({ ...question, btcUsdAxis: [btcUsd, 2 * btcUsd], usdPerKwhAxis: [usdPerKwh, 1] })
      assert.equal(grid.body().profitUsdPerDay[0][0], shown.profitUsdPerDay)
      assert.equal(grid.body().used.profitUsdPerDay, shown.profitUsdPerDay)
    }
  }).timeout(300_000)
})
