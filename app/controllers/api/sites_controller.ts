import type { Infer } from '@vinejs/vine/types'
import { type EndpointRequest, page } from '#core/api'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import type { listQuery } from '#validators/api'

const sites = () =>
  current
    .get()
    .client.from('sites')
    .where('tenant_id', current.tenantId())
    .select('id', 'code', 'name', 'country')
    .select({
      timeZone: 'time_zone',
      capacityKw: 'capacity_kw',
      archivedAt: 'archived_at',
      createdAt: 'created_at',
    })

export default class SitesController {
  index({ query }: EndpointRequest<undefined, Infer<typeof listQuery>>) {
    return page(sites(), query)
  }

  async show({ params }: EndpointRequest) {
    const site = await sites().where('id', params.id!).first()
    if (!site) throw new E_NOT_FOUND()
    return site
  }
}
