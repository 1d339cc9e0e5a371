import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { tokenFor } from '#tests/functional/api/helpers'
import { answerOf, futureOf, GOLDEN } from '../support/answers.js'

/** The same thousand miners at $16 a TH, started 131,000 blocks before the halving of 1,050,000. */
const INVESTMENT = { ...GOLDEN, capexUsd: 3_200_000, startHeight: 919_000, startDate: '2026-01-01' }

test.group('Calculator page | the future', (group) => {
  let cookieOf: Awaited<ReturnType<typeof makeMember>>['user']
  group.setup(async () => {
    cookieOf = (await makeMember(await makeTenant(), 'operator')).user
  })

  test('show the very projection that the API gives', async ({ client, assert }) => {
    const question = { ...INVESTMENT, difficultyGrowthPctPerMonth: 2, uptimePct: 96 }
    const page = await client.get('/calculator').qs(question).loginAs(cookieOf)
    const { text: token } = await tokenFor(cookieOf, ['calculator.*'], 1)
    const api = await client.post('/api/v1/calculator/projection').bearerToken(token).json(question)
    api.assertStatus(200)
    assert.deepEqual(futureOf(page.text()), api.body())
  })

  test('move NPV and IRR with growth, uptime, degradation and the halving', async ({
    client,
    assert,
  }) => {
    const npvOf = async (more: object) => {
      const page = await client
        .get('/calculator')
        .qs({ ...INVESTMENT, shutdownWhenNegative: true, ...more })
        .loginAs(cookieOf)
      return futureOf(page.text()).returns as { npvUsd: number; irrAnnual: number | null }
    }
    const flat = await npvOf({ difficultyGrowthPctPerMonth: 0 })
    const two = await npvOf({ difficultyGrowthPctPerMonth: 2 })
    const five = await npvOf({ difficultyGrowthPctPerMonth: 5 })
    assert.isAbove(flat.npvUsd, two.npvUsd)
    assert.isAbove(two.npvUsd, five.npvUsd)
    assert.isAbove(flat.irrAnnual!, two.irrAnnual!)
    const idle = await npvOf({ uptimePct: 90 })
    const worn = await npvOf({ degradationPctPerMonth: 1 })
    // 210,000 blocks after a halving there is none within five years of 144 blocks a day.
    const undisturbed = await npvOf({ startHeight: 840_000, days: 1095 })
    const halved = await npvOf({ startHeight: 1_000_000, days: 1095 })
    assert.isBelow(idle.npvUsd, flat.npvUsd)
    assert.isBelow(worn.npvUsd, flat.npvUsd)
    assert.isBelow(halved.npvUsd, undisturbed.npvUsd)
  })

  test('say that it never repays instead of naming a date', async ({ client }) => {
    const page = await client
      .get('/calculator')
      .qs({ ...INVESTMENT, capexUsd: 50_000_000 })
      .loginAs(cookieOf)
    page.assertTextIncludes('never')
    page.assertTextIncludes('This does not repay.')
  })

  test('show payback, NPV and IRR as missing without the price of the machines', async ({
    client,
    assert,
  }) => {
    const { capexUsd: _, ...rest } = INVESTMENT
    const page = await client.get('/calculator').qs(rest).loginAs(cookieOf)
    assert.isNull(futureOf(page.text()).returns.npvUsd)
    page.assertTextIncludes('type the price of the machines')
    assert.notInclude(page.text(), 'heat=npv')
  })

  test('answer the day where only the future lacks a figure, and say which', async ({
    client,
    assert,
  }) => {
    const { startHeight: _, ...rest } = INVESTMENT
    const page = await client.get('/calculator').qs(rest).loginAs(cookieOf)
    assert.isNotNull(answerOf(page.text()))
    assert.isNull(futureOf(page.text()))
    page.assertTextIncludes('Type the block height to start from: none is stored.')
  })

  test('colour the grid by NPV when asked, and keep the question in the links', async ({
    client,
    assert,
  }) => {
    const page = await client
      .get('/calculator')
      .qs({ ...INVESTMENT, heat: 'npv' })
      .loginAs(cookieOf)
    page.assertTextIncludes('Net present value by bitcoin price and electricity')
    assert.match(page.text(), /href="\/calculator\?[^"]*capexUsd=3200000[^"]*heat=profit/)
    assert.match(page.text(), /name="heat" value="npv"/)
  })

  test('keep two books when somebody hosts', async ({ client, assert }) => {
    const page = await client
      .get('/calculator')
      .qs({ ...INVESTMENT, hosting: 'mark_up', hostingMarkUpPct: 40, poolScheme: 'solo' })
      .header('accept-language', 'zh-CN')
      .loginAs(cookieOf)
    assert.include(page.text(), 'Host’s invoice')
    const { host, client: guest } = futureOf(page.text()).totals.books
    assert.equal(host.revenueCents, guest.invoiceCents)
    // 40 % on the energy: the margin is 0.4 of it, but for the rounding of 61 invoices.
    assert.closeTo(Number(host.marginCents), 0.4 * Number(host.energyCents), 61)
    assert.include(page.text(), 'No block at all')
  })

  test('offer the way back to a stored value, and show only what a choice asks for', async ({
    client,
    assert,
  }) => {
    const page = await client
      .get('/calculator')
      .qs({ ...INVESTMENT, hosting: 'flat' })
      .loginAs(cookieOf)
    assert.include(page.text(), 'name="hostingUsdPerKwh"')
    assert.notInclude(page.text(), 'name="hostingSharePct"')
    page.assertTextIncludes('This way of hosting needs this rate.')
  })
})
