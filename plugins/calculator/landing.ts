import type { HttpContext } from '@adonisjs/core/http'
import type { LandingPart } from '#core/landing'
import CatalogueModel from './models/catalogue_model.js'
import { limitMini } from './routes/mini.js'
import { askedIn, EXAMPLE_USD_PER_KWH, exampleModel, miniProfit } from './services/mini_profit.js'

/** Fills in the example where nothing was asked; a question of the address counts as one asked. */
async function question(ctx: HttpContext, models: readonly CatalogueModel[]) {
  const asked = askedIn(ctx.request.qs())
  if (Object.keys(asked).length > 0) {
    await limitMini(ctx, () => Promise.resolve())
    return { query: asked, isExample: false }
  }
  const modelId = exampleModel(models)?.id
  const model = modelId ? { modelId } : {}
  return { query: { ...model, usdPerKwh: EXAMPLE_USD_PER_KWH }, isExample: true }
}

/** A calculator that works for everybody who opens the first page, with and without script. */
const part: LandingPart = {
  place: 'section',
  order: 20,
  action: 'calculator_landing.action',
  permission: 'profit.view',
  view: 'calculator::landing/mini',
  card: {
    icon: 'calculator',
    title: 'calculator_landing.card.title',
    text: 'calculator_landing.card.text',
    link: { url: '/calculator', text: 'calculator_landing.full' },
  },
  async state(ctx) {
    const models = await CatalogueModel.query().orderBy(['maker', 'name'])
    const { query, isExample } = await question(ctx, models)
    const mini = await miniProfit(ctx, query)
    const typesMarket = Boolean(query.btcUsd ?? query.difficulty)
    const lacksMarket = Boolean(mini.errors.btcUsd ?? mini.errors.difficulty)
    return { models, mini, isExample, asksMarket: typesMarket || lacksMarket }
  },
}

export default part
