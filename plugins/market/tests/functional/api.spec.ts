import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { bearer, tokenFor } from '#tests/functional/api/helpers'
import { makeMember, makeTenant } from '#tests/helpers'
import {
  emptyMarket,
  importSharedData,
  sharedDataIsAbsent,
  storeLiveRows,
  storePoints,
} from '../support/market_rows.js'

const PATHS = ['latest', 'history?series=price_usd', 'epochs', 'hashprice', 'status']

const tokenWith = async (scopes: string[]) => {
  const { user } = await makeMember(await makeTenant(), 'operator')
  return bearer((await tokenFor(user, scopes)).text)
}

/** What the command prints with --json. */
async function statusAtConsole() {
  const { write } = process.stdout
  const lines: string[] = []
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write
  try {
    await ace.exec('market:status', ['--json'])
  } finally {
    process.stdout.write = write
  }
  return JSON.parse(lines[0]!)
}

/** Figures that depend on the second in which one asks. */
const timeless = ({
  at: _,
  values,
  ...rest
}: {
  at: string
  values: { ageSeconds: number }[]
}) => ({
  ...rest,
  values: values.map(({ ageSeconds: __, ...value }) => value),
})

test.group('The market in the API', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('answers nobody without a token or without its scope', async ({ client }) => {
    const other = await tokenWith(['core.home.view'])
    for (const path of PATHS) {
      const nobody = await client.get(`/api/v1/market/${path}`)
      nobody.assertStatus(401)
      const foreign = await client.get(`/api/v1/market/${path}`).header('authorization', other)
      foreign.assertStatus(403)
    }
  })

  test('says what is missing while nothing is stored', async ({ client }) => {
    const token = await tokenWith(['market.series.view'])
    const ask = (path: string) =>
      client.get(`/api/v1/market/${path}`).header('authorization', token)
    const hashprice = await ask('hashprice')
    hashprice.assertBody({ hashprice: null, hashpriceReason: 'no_price' })
    const status = await ask('status')
    status.assertBodyContains({ values: [], epoch: null, halving: null, coverage: [] })
    const history = await ask('history?series=price_usd')
    history.assertBodyContains({ points: [], sources: [], range: '1y', stepSeconds: 86_400 })
  })

  test('gives a series with its sources and gaps, and refuses unknown ones', async ({
    client,
    assert,
  }) => {
    const token = await tokenWith(['market.series.view'])
    const ask = (path: string) =>
      client.get(`/api/v1/market/${path}`).header('authorization', token)
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000)
    await storePoints([
      { series: 'price_usd', at: ago(9), value: 70_000 },
      { series: 'price_usd', at: ago(2), value: 80_000 },
    ])
    const history = await ask('history?series=price_usd&range=30d')
    history.assertBodyContains({ unit: 'USD/BTC', sources: ['Test feed'] })
    assert.deepEqual(
      history.body().points.map(({ value }: { value: number | null }) => value),
      [70_000, null, 80_000]
    )
    for (const query of ['series=weather', 'series=price_usd&range=5y', '']) {
      const refused = await ask(`history?${query}`)
      refused.assertStatus(422)
    }
  })

  test('is the same object at the console', async ({ client, assert }) => {
    await storeLiveRows(new Date())
    const token = await tokenWith(['market.series.view'])
    const answer = await client.get('/api/v1/market/status').header('authorization', token)
    answer.assertStatus(200)
    const body = answer.body()
    assert.deepEqual(timeless(await statusAtConsole()), timeless(body))
    assert.containsSubset(body.epoch, { epoch: 484, blocksLeft: 760, basis: 'height' })
    assert.equal(body.hashprice.subsidySats, '312500000')
    assert.equal(body.halving.blocksLeft, 73_000)
  })

  test('pages through the epochs by cursor, each once', async ({ client, assert }) => {
    await importSharedData(new Date())
    const token = await tokenWith(['market.series.view'])
    const seen: number[] = []
    let cursor: string | null = ''
    do {
      const page = await client
        .get(`/api/v1/market/epochs?limit=200${cursor ? `&cursor=${cursor}` : ''}`)
        .header('authorization', token)
      seen.push(...page.body().data.map(({ epoch }: { epoch: number }) => epoch))
      cursor = page.body().nextCursor
    } while (cursor)
    assert.deepEqual(
      seen,
      Array.from({ length: 474 }, (_, index) => 473 - index)
    )
    const forged = await client.get('/api/v1/market/epochs?cursor=x').header('authorization', token)
    forged.assertStatus(422)
  }).skip(sharedDataIsAbsent)
})
