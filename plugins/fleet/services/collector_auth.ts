import { deviceGuard } from '#core/devices'
import { isId } from '#core/ids'
import { asInstallation } from '#core/installation'
import { LIMITS } from '#edge/protocol/messages'
import { HEADERS, isSignedBy, publicKeyOf, requestBytes } from '#edge/protocol/signing'
import { rawBody } from './edge_body.js'
import { E_CLOCK_SKEW, E_COLLECTOR_REVOKED, E_COLLECTOR_UNKNOWN } from './edge_errors.js'

/** A collector whose signature was checked, and the body that it signed. */
export interface Caller {
  tenantId: string
  collectorId: string
  siteId: string
  name: string
  pollSeconds: number
  body: Buffer
}

/**
 * Lets through requests that a collector of this portal signed now. Whose it is follows from the
 * key alone; nothing in the body can say otherwise. Asked of the database each time, so that taking
 * a collector out ends it with its next request.
 */
export const collectorGuard = () =>
  deviceGuard(async (ctx) => {
    const { request, response } = ctx
    response.header(HEADERS.time, String(Date.now()))
    const id = request.header(HEADERS.collector)
    const row = isId(id) ? await keyOf(id) : undefined
    const body = await rawBody(ctx)
    const time = Number(request.header(HEADERS.time))
    const parts = { method: request.method(), path: request.url(true), time, body }
    const signature = request.header(HEADERS.signature) ?? ''
    if (!row || !isSignedBy(requestBytes(parts), signature, publicKeyOf(row.public_key))) {
      throw new E_COLLECTOR_UNKNOWN()
    }
    if (row.revoked_at) throw new E_COLLECTOR_REVOKED()
    if (!(Math.abs(Date.now() - time) <= LIMITS.signatureSkewMs)) throw new E_CLOCK_SKEW()
    ctx.caller = {
      tenantId: row.tenant_id,
      collectorId: row.id,
      siteId: row.site_id,
      name: row.name,
      pollSeconds: row.poll_seconds,
      body,
    }
  })

interface KeyRow {
  tenant_id: string
  id: string
  site_id: string
  name: string
  public_key: string
  poll_seconds: number
  revoked_at: Date | null
}

const keyOf = (id: string): Promise<KeyRow | undefined> =>
  asInstallation((trx) =>
    trx
      .from('fleet_collectors as c')
      .join('tenants as t', 't.id', 'c.tenant_id')
      .where('c.id', id)
      .whereNull('t.suspended_at')
      .select('c.tenant_id', 'c.id', 'c.site_id', 'c.name')
      .select('c.public_key', 'c.poll_seconds', 'c.revoked_at')
      .first()
  )

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** On routes of collectors only. */
    caller: Caller
  }
}
