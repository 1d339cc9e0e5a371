import type { Infer } from '@vinejs/vine/types'
import { current } from '#core/current'
import { BadInput, E_NOT_FOUND } from '#core/errors'
import { isId, newId } from '#core/ids'
import { MOST_ADDRESSES, parseRange, sizeOf, type Span } from '#edge/protocol/ranges'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'
import type { rangeSchema } from '../validators.js'
import { isZoneOf } from './page_places.js'

/** Networks that are nobody's but ours: RFC 1918, RFC 6598, loopback, link-local. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
].map((text) => parseRange(text)!)

const isPrivate = ({ first, last }: Span) =>
  PRIVATE.some((net) => first >= net.first && last <= net.last)

const refuse = (field: string, key: string, args?: Record<string, string | number>) =>
  new BadInput([{ field, key, ...(args ? { args } : {}) }])

function spanIn(addresses: string): Span {
  const span = parseRange(addresses)
  if (!span) throw refuse('addresses', 'fleet.fault.addresses')
  const count = sizeOf(span)
  if (count > MOST_ADDRESSES) {
    throw refuse('addresses', 'fleet.fault.too_many', { count, most: MOST_ADDRESSES })
  }
  return span
}

type Wish = Infer<typeof rangeSchema>

/** Lets a collector look there. Tells whether the addresses are of the public internet. */
export async function addRange(collector: Collector, { addresses, zoneId, ports }: Wish) {
  const span = spanIn(addresses)
  if (zoneId && !(await isZoneOf(zoneId, collector.siteId))) {
    throw refuse('zoneId', 'fleet.fault.zone')
  }
  const { client, userId } = current.get()
  const [row] = await client
    .table('fleet_ranges')
    .insert({
      tenant_id: current.tenantId(),
      id: newId(),
      site_id: collector.siteId,
      zone_id: zoneId ?? null,
      collector_id: collector.id,
      addresses,
      ports: JSON.stringify(chosen(ports)),
      created_by: userId,
    })
    .onConflict(['tenant_id', 'collector_id', 'addresses'])
    .ignore()
    .returning('id')
  if (!row) throw refuse('addresses', 'fleet.fault.range_twice')
  await Collector.renewConfig(collector.id)
  await plugin.track(collector, 'range.added', { name: collector.name, addresses })
  return { isPublic: !isPrivate(span) }
}

const chosen = (ports: Wish['ports']) =>
  Object.fromEntries(Object.entries(ports ?? {}).filter(([, port]) => port))

/** It looks there no more; machines that were found there stay ours. */
export async function removeRange(id: unknown) {
  if (!isId(id)) throw new E_NOT_FOUND()
  const [row] = await current
    .get()
    .client.from('fleet_ranges')
    .where({ tenant_id: current.tenantId(), id })
    .delete()
    .returning(['collector_id', 'addresses'])
  if (!row) throw new E_NOT_FOUND()
  const collector = await Collector.named(row.collector_id)
  await Collector.renewConfig(collector.id)
  const facts = { name: collector.name, addresses: row.addresses }
  await plugin.track(collector, 'range.removed', facts)
  return { collector, addresses: row.addresses as string }
}
