import type { HttpContext } from '@adonisjs/core/http'
import { forDevice } from '#core/devices'
import {
  type Batch,
  checkBatch,
  checkDiscovery,
  checkEnroll,
  checkHeartbeat,
  type DiscoveryReport,
  type EnrollRequest,
  type Heartbeat,
} from '#edge/protocol/messages'
import { HEADERS } from '#edge/protocol/signing'
import { checkSafetyReport, type SafetyReport } from '#edge/protocol/safety'
import plugin from '../plugin.js'
import { takeDiscovery } from '../services/discovery.js'
import { messageIn, rawBody } from '../services/edge_body.js'
import { signedConfig } from '../services/edge_config.js'
import { enrol } from '../services/enrolment.js'
import { takeHeartbeat } from '../services/heartbeats.js'
import { takeSafetyEvents } from '../services/safety_events.js'
import { takeBatch } from '../services/ingest.js'

/** What collectors ask, all but the first signed. Each answer is one transaction of the tenant. */
export default class EdgeController {
  /** Not signed: the code stands for the trust of whoever read it out. */
  async enrol(ctx: HttpContext) {
    ctx.response.header(HEADERS.time, String(Date.now()))
    const request = await messageIn<EnrollRequest>(ctx, await rawBody(ctx), checkEnroll)
    return ctx.response.status(201).json(await enrol(request))
  }

  async heartbeat(ctx: HttpContext) {
    const { caller } = ctx
    const beat = await messageIn<Heartbeat>(ctx, caller.body, checkHeartbeat)
    return this.inTenant(ctx, () => takeHeartbeat(caller, beat, new Date()))
  }

  async telemetry(ctx: HttpContext) {
    const batch = await messageIn<Batch>(ctx, ctx.caller.body, checkBatch)
    return ctx.response.json(await takeBatch(ctx.caller, batch, Date.now()))
  }

  async discovery(ctx: HttpContext) {
    const { caller } = ctx
    const report = await messageIn<DiscoveryReport>(ctx, caller.body, checkDiscovery)
    return this.inTenant(ctx, () => takeDiscovery(caller, report, new Date()))
  }

  /** What it did by itself. */
  async safety(ctx: HttpContext) {
    const { caller } = ctx
    const report = await messageIn<SafetyReport>(ctx, caller.body, checkSafetyReport)
    return this.inTenant(ctx, () => takeSafetyEvents(caller, report))
  }

  config(ctx: HttpContext) {
    return this.inTenant(ctx, () => signedConfig(ctx.caller.collectorId))
  }

  /** The answer goes out after the commit. */
  private async inTenant({ caller, response }: HttpContext, work: () => Promise<object>) {
    const answer = await forDevice({ tenantId: caller.tenantId, plugin: plugin.name }, work)
    return response.json(answer)
  }
}
