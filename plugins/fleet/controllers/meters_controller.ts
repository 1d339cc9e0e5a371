import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { formOf, readForm } from '#core/form'
import { METER_MAPS } from '#edge/protocol/meter_maps'
import { meterSchema, newMeterSchema } from '../meter_validators.js'
import Collector from '../models/collector.js'
import Meter, { GENERIC } from '../models/meter.js'
import plugin from '../plugin.js'
import { addMeter, changeMeter, removeMeter } from '../services/meters.js'
import { workingCollectors, zoneChoices } from '../services/page_choices.js'
import { meterCharts, meterSites, metersNow } from '../services/page_meters.js'
import { wordsOf } from '../services/page_words.js'

const PREFIX = 'fleet_meters.field'
const NEW = { port: 502, unit: 1, ctRatio: 1, ptRatio: 1, pollSeconds: 30, measures: 'site' }

/** Power meters and sensors of sites. */
export default class MetersController {
  async index({ view, i18n }: HttpContext) {
    return view.render('fleet::meters/index', {
      sites: await meterSites(),
      words: wordsOf(i18n),
      mayEdit: plugin.allows('meter.edit'),
    })
  }

  async show(ctx: HttpContext) {
    const meter = await Meter.named(ctx.params.id)
    const words = wordsOf(ctx.i18n)
    const [now] = await metersNow(new Date(), meter.id)
    return ctx.view.render('fleet::meters/show', {
      meter,
      now,
      words,
      mayEdit: plugin.allows('meter.edit'),
      ...(await meterCharts(meter, ctx.request.qs().range, words)),
    })
  }

  async create(ctx: HttpContext) {
    const collectors = await workingCollectors()
    const choices = {
      collectorId: collectors,
      zoneId: await zoneChoices(),
      map: mapChoices(ctx),
    }
    const values = {
      ...NEW,
      ...(collectors.length === 1 ? { collectorId: collectors[0]!.value } : {}),
    }
    return ctx.view.render('fleet::meters/form', {
      meter: null,
      collectors,
      fields: formOf(ctx, newMeterSchema, { values, prefix: PREFIX, choices }),
    })
  }

  async store(ctx: HttpContext) {
    const { collectorId, ...wish } = await readForm(ctx, newMeterSchema)
    const meter = await addMeter(await Collector.named(collectorId), wish)
    return done(ctx, ctx.i18n.t('fleet_meters.added', { name: meter.name }), {
      to: `/fleet/meters/${meter.id}`,
    })
  }

  async edit(ctx: HttpContext) {
    const meter = await Meter.named(ctx.params.id)
    const choices = { zoneId: await zoneChoices(meter.siteId), map: mapChoices(ctx) }
    const registers = meter.registers ? JSON.stringify(meter.registers, null, 2) : null
    return ctx.view.render('fleet::meters/form', {
      meter,
      collectors: [],
      fields: formOf(ctx, meterSchema, {
        values: { ...meter.$attributes, registers },
        prefix: PREFIX,
        choices,
      }),
    })
  }

  async update(ctx: HttpContext) {
    const meter = await Meter.named(ctx.params.id)
    await changeMeter(meter, await readForm(ctx, meterSchema))
    return done(ctx, ctx.i18n.t('fleet.saved'), { to: `/fleet/meters/${meter.id}` })
  }

  async destroy(ctx: HttpContext) {
    const meter = await Meter.named(ctx.params.id)
    await removeMeter(meter)
    return done(ctx, ctx.i18n.t('fleet_meters.removed', { name: meter.name }), {
      to: '/fleet/meters',
    })
  }
}

const mapChoices = ({ i18n }: HttpContext) => [
  ...METER_MAPS.map(({ name, label }) => ({ value: name, label })),
  { value: GENERIC, label: i18n.t('fleet_meters.generic') },
]
