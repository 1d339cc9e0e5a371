import type { Infer } from '@vinejs/vine/types'
import { type EndpointRequest, page } from '#core/api'
import { current } from '#core/current'
import type { auditQuery } from '#validators/api'

export default class AuditEventsController {
  index({ query }: EndpointRequest<undefined, Infer<typeof auditQuery>>) {
    const { name, subjectId, ...place } = query
    const events = current
      .get()
      .client.from('audit_events')
      .where('tenant_id', current.tenantId())
      .if(name, (builder) => builder.where('name', name!))
      .if(subjectId, (builder) => builder.where('subject_id', subjectId!))
      .select('id', 'via', 'name', 'payload')
      .select({
        occurredAt: 'occurred_at',
        actorId: 'actor_id',
        subjectType: 'subject_type',
        subjectId: 'subject_id',
        requestId: 'request_id',
      })
    return page(events, { ...place, at: 'occurred_at' })
  }
}
