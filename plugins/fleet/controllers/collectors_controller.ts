import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { BadInput } from '#core/errors'
import { formOf, readForm } from '#core/form'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'
import { collectorPackage } from '../services/collector_package.js'
import { CODE_MINUTES, inviteCollector } from '../services/enrolment.js'
import { siteChoices, zoneChoices } from '../services/page_choices.js'
import {
  collectorList,
  collectorPage,
  HEALTH_KINDS,
  openInvitations,
} from '../services/page_collectors.js'
import { portalUrl } from '../services/page_label.js'
import { scanLines } from '../services/page_scans.js'
import { wordsOf } from '../services/page_words.js'
import { collectorSchema, invitationSchema, rangeSchema } from '../validators.js'

const PREFIX = 'fleet.field'

/** The machines at the sites that read miners. */
export default class CollectorsController {
  async index({ view, i18n }: HttpContext) {
    return view.render('fleet::collectors/index', {
      list: await collectorList(),
      available: (await collectorPackage()).version,
      invitations: await openInvitations(),
      kinds: HEALTH_KINDS,
      words: wordsOf(i18n),
      mayEdit: plugin.allows('collector.edit'),
    })
  }

  async create(ctx: HttpContext) {
    const sites = await siteChoices()
    const values = { siteId: sites.length === 1 ? sites[0]!.value : undefined }
    return ctx.view.render('fleet::collectors/create', {
      sites,
      made: null,
      minutes: CODE_MINUTES,
      fields: formOf(ctx, invitationSchema, { values, prefix: PREFIX, choices: { siteId: sites } }),
    })
  }

  /** Answers with the page itself: after a redirect the code would have to wait in the session. */
  async store(ctx: HttpContext) {
    const { siteId, name } = await readForm(ctx, invitationSchema)
    const site = (await siteChoices()).find(({ value }) => value === siteId)
    if (!site) throw new BadInput([{ field: 'siteId', key: 'fleet.fault.site' }])
    const { code, expiresAt } = await inviteCollector(name, { id: siteId, name: site.label })
    const portal = portalUrl()
    return ctx.view.render('fleet::collectors/create', {
      made: {
        name,
        site: site.label,
        code,
        expiresAt,
        runLine: `npx --yes ${portal}/edge/v1/collector.tgz run`,
        line: `npx --yes ${portal}/edge/v1/collector.tgz enroll --portal ${portal} --code ${code}`,
        pack: await collectorPackage(),
      },
      minutes: CODE_MINUTES,
      words: wordsOf(ctx.i18n),
    })
  }

  async show(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    const choices = { zoneId: await zoneChoices(collector.siteId) }
    const words = wordsOf(ctx.i18n)
    const page = await collectorPage(collector)
    return ctx.view.render('fleet::collectors/show', {
      ...page,
      scans: scanLines(page.scans, words),
      withCollector: false,
      kinds: HEALTH_KINDS,
      words,
      rangeFields: formOf(ctx, rangeSchema, { prefix: PREFIX, choices }),
      mayEdit: plugin.allows('collector.edit') && !collector.revokedAt,
      maySafety: plugin.allows('safety.edit') && !collector.revokedAt,
      mayScan: plugin.allows('miner.edit') && !collector.revokedAt,
    })
  }

  async edit(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    const values = { ...collector.$attributes }
    return ctx.view.render('fleet::collectors/edit', {
      collector,
      fields: formOf(ctx, collectorSchema, { values, prefix: PREFIX }),
    })
  }

  async update(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    await collector.decide(await readForm(ctx, collectorSchema))
    return done(ctx, ctx.i18n.t('fleet.saved'), { to: `/fleet/collectors/${collector.id}` })
  }
}
