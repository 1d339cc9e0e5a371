import { compose } from '@adonisjs/core/helpers'
import { column } from '@adonisjs/lucid/orm'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { FleetMeterSchema } from '#database/schema'
import { METER_MAPS, registersOfMap } from '#edge/protocol/meter_maps'
import type { Register } from '#edge/protocol/meters'

/** The map whose registers stand with the meter itself. */
export const GENERIC = 'generic'

/** A device of a site: a power meter, a sensor, a cooling container, a PDU. */
export default class Meter extends compose(FleetMeterSchema, Tenanted) {
  static table = 'fleet_meters'

  /** Of a generic map; PostgreSQL would take a list for one of its own arrays. */
  @column({ prepare: (value: unknown) => (value ? JSON.stringify(value) : null) })
  declare registers: Register[] | null

  /** The meter with this id, or E_NOT_FOUND. */
  static async named(id: unknown): Promise<Meter> {
    const found = isId(id) ? await Meter.find(id) : null
    if (!found || found.removedAt) throw new E_NOT_FOUND()
    return found as Meter
  }

  /** What is read of it; none when its map is no longer known. */
  get reads(): readonly Register[] {
    if (this.map === GENERIC) return this.registers ?? []
    return registersOfMap(this.map) ?? []
  }

  /** The document that its registers are from; null: somebody of the company wrote them. */
  get source() {
    return METER_MAPS.find(({ name }) => name === this.map)?.source ?? null
  }

  /** What its map is called; null: it has registers of its own. */
  get label() {
    return METER_MAPS.find(({ name }) => name === this.map)?.label ?? null
  }

  get key() {
    return { tenant_id: current.tenantId(), meter_no: this.no }
  }
}
