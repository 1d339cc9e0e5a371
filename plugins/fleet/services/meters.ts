import type { Infer } from '@vinejs/vine/types'
import { current } from '#core/current'
import { BadInput } from '#core/errors'
import { changesOf } from '#core/events'
import { newId } from '#core/ids'
import { checkRegisters, type Register } from '#edge/protocol/meters'
import { isWithin, parseRange, toNumber } from '#edge/protocol/ranges'
import { DateTime } from 'luxon'
import type { meterSchema } from '../meter_validators.js'
import Collector from '../models/collector.js'
import Meter, { GENERIC } from '../models/meter.js'
import plugin from '../plugin.js'
import { dropAlarms } from './meter_alarms.js'
import { isZoneOf } from './page_places.js'

type Wish = Infer<typeof meterSchema>

const refuse = (field: string, key: string, args?: Record<string, string | number>) =>
  new BadInput([{ field, key: `fleet_meters.fault.${key}`, ...(args ? { args } : {}) }])

/** Lets a collector read one more meter. Throws BadInput that names the field. */
export async function addMeter(collector: Collector, wish: Wish): Promise<Meter> {
  const values = await checked(collector, wish)
  const { userId } = current.get()
  const meter = new Meter()
  meter.fill({
    id: newId(),
    no: await takeNumber(),
    siteId: collector.siteId,
    collectorId: collector.id,
    createdBy: userId,
    ...values,
  })
  await meter.save()
  await tell(meter, 'meter.added')
  return meter
}

/** Changes it; its past stays as it was read. */
export async function changeMeter(meter: Meter, wish: Wish) {
  const collector = await Collector.named(meter.collectorId)
  Object.assign(meter, await checked(collector, wish, meter.id))
  const changes = changesOf(meter)
  if (Object.keys(changes).length === 0) return
  await meter.save()
  if ('map' in changes) await dropAlarms(meter)
  await tell(meter, 'meter.changed', changes)
}

/** It is read no more; what it said stays. */
export async function removeMeter(meter: Meter) {
  meter.removedAt = DateTime.utc()
  await meter.save()
  await dropAlarms(meter)
  await tell(meter, 'meter.removed')
}

async function tell(
  meter: Meter,
  event: 'meter.added' | 'meter.changed' | 'meter.removed',
  changes?: ReturnType<typeof changesOf>
) {
  await Collector.renewConfig(meter.collectorId)
  const site = await current
    .get()
    .client.from('sites')
    .where({ tenant_id: current.tenantId(), id: meter.siteId })
    .select('name')
    .first()
  await plugin.track(meter, event, { name: meter.name, site: site?.name ?? '' }, changes)
}

async function checked(collector: Collector, wish: Wish, id?: string) {
  const { zoneId = null, rack = null, registers, ...rest } = wish
  if (zoneId && !(await isZoneOf(zoneId, collector.siteId))) throw refuse('zoneId', 'zone')
  if (toNumber(rest.ip) === null) throw refuse('ip', 'ip')
  if (!isWithin(rest.ip, await spansOf(collector))) throw refuse('ip', 'not_allowed')
  if (await isTaken(collector, wish, id)) throw refuse('unit', 'twice')
  return {
    ...rest,
    zoneId,
    rack,
    registers: rest.map === GENERIC ? readRegisters(registers ?? '') : null,
  }
}

/** The ranges of the collector: where it may look, and nowhere else. */
async function spansOf(collector: Collector) {
  const rows = await current
    .get()
    .client.from('fleet_ranges')
    .where({ tenant_id: current.tenantId(), collector_id: collector.id })
    .select('addresses')
  return rows.flatMap(({ addresses }) => parseRange(addresses) ?? [])
}

async function isTaken(collector: Collector, { ip, port, unit, map }: Wish, id?: string) {
  const place = { collectorId: collector.id, ip, port, unit, map }
  const query = Meter.query().where(place).whereNull('removed_at')
  if (id) query.whereNot('id', id)
  return (await query.first()) !== null
}

/** Registers as somebody typed them; what is left out is as most devices have it. */
function readRegisters(text: string): Register[] {
  if (text === '') throw refuse('registers', 'no_registers')
  const given = parsed(text)
  if (!Array.isArray(given)) throw refuse('registers', 'not_json')
  const registers = given.map((one: unknown) =>
    typeof one === 'object' && one !== null ? { ...USUAL, ...one } : one
  )
  const fault = checkRegisters(registers)
  if (fault) {
    throw refuse('registers', 'register', { field: fault.field || '[]', reason: fault.reason })
  }
  return (registers as Register[]).map(
    ({ field, address, fn, type, order, scale, none = null }) => ({
      field,
      address,
      fn,
      type,
      order,
      scale,
      none,
    })
  )
}

const USUAL = { fn: 3, order: 'high_first', scale: 1, none: null }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The next number of a meter of this tenant. */
export async function takeNumber(): Promise<number> {
  const { rows } = await current.get().client.rawQuery(
    `insert into fleet_counters (tenant_id, next_meter_no) values (?, 2)
     on conflict (tenant_id) do update set next_meter_no = fleet_counters.next_meter_no + 1
     returning next_meter_no - 1 as no`,
    [current.tenantId()]
  )
  return rows[0].no
}
