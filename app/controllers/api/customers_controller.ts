import type { Infer } from '@vinejs/vine/types'
import { type EndpointRequest, page } from '#core/api'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import type { listQuery } from '#validators/api'

const customers = () =>
  current
    .get()
    .client.from('customers')
    .where('tenant_id', current.tenantId())
    .select('id', 'code', 'name', 'email')
    .select({ archivedAt: 'archived_at', createdAt: 'created_at' })

export default class CustomersController {
  index({ query }: EndpointRequest<undefined, Infer<typeof listQuery>>) {
    return page(customers(), query)
  }

  async show({ params }: EndpointRequest) {
    const customer = await customers().where('id', params.id!).first()
    if (!customer) throw new E_NOT_FOUND()
    return customer
  }
}
