import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { formOf, readForm } from '#core/form'
import { meterSchema, newMeterSchema } from '../meter_validators.js'
import Collector from '../models/collector.js'
import Meter from '../models/meter.js'
import plugin from '../plugin.js'
import { mapChoices, usualByMap } from '../services/device_says.js'
import { alarmsOf } from '../services/meter_alarms.js'
import { addMeter, changeMeter, removeMeter } from '../services/meters.js'
import { workingCollectors, zoneChoices } from '../services/page_choices.js'
import { deviceFigures } from '../services/page_device.js'
import { devicesPage, placeOf } from '../services/page_devices.js'
import { meterCharts } from '../services/page_meter_charts.js'
import { metersNow } from '../services/page_meters.js'
import { wordsOf } from '../services/page_words.js'

const PREFIX = 'fleet_meters.field'
const NEW = { port: 502, unit: 1, ctRatio: 1, ptRatio: 1, pollSeconds: 30, measures: 'site' }

const SHOWN_ALARMS = 20

/** Devices of sites: meters, sensors, containers, PDUs. */
export default class MetersController {
  async index({ view, i18n, request }: HttpContext) {
    const words = wordsOf(i18n)
    return view.render('fleet::meters/index', {
      ...(await devicesPage(request.qs().kind, words)),
      words,
      mayEdit: plugin.allows('meter.edit'),
    })
  }

  async show(ctx: HttpContext) {
    const meter = await Meter.named(ctx.params.id)
    const words = wordsOf(ctx.i18n)
    const [now] = await metersNow({ id: meter.id })
    const episodes = await alarmsOf(meter.no, SHOWN_ALARMS)
    const asked = ctx.request.qs().range
    return ctx.view.render('fleet::meters/show', {
      meter,
      now,
      place: placeOf(now!, words),
      figures: deviceFigures(now!, words),
      episodes,
      words,
      mayEdit: plugin.allows('meter.edit'),
      ...(await meterCharts(meter, { asked, alarms: episodes }, words)),
    })
  }

  async create(ctx: HttpContext) {
    const collectors = await workingCollectors()
    const choices = {
      collectorId: collectors,
      zoneId: await zoneChoices(),
      map: mapChoices(wordsOf(ctx.i18n)),
    }
    const values = {
      ...NEW,
      ...(collectors.length === 1 ? { collectorId: collectors[0]!.value } : {}),
    }
    return ctx.view.render('fleet::meters/form', {
      meter: null,
      collectors,
      usual: usualByMap(),
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
    const choices = { zoneId: await zoneChoices(meter.siteId), map: mapChoices(wordsOf(ctx.i18n)) }
    const registers = meter.registers ? JSON.stringify(meter.registers, null, 2) : null
    return ctx.view.render('fleet::meters/form', {
      meter,
      collectors: [],
      usual: usualByMap(),
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
