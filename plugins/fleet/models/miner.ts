import { compose } from '@adonisjs/core/helpers'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { FleetMinerSchema } from '#database/schema'

/** A machine that is ours. */
export default class Miner extends compose(FleetMinerSchema, Tenanted) {
  static table = 'fleet_miners'

  /** The miner with this id, or E_NOT_FOUND. */
  static async named(id: unknown): Promise<Miner> {
    const found = isId(id) ? await Miner.find(id) : null
    if (!found) throw new E_NOT_FOUND()
    return found as Miner
  }

  /** What people call it. */
  get title() {
    return this.name ?? `#${this.no}`
  }

  get facts() {
    return { no: this.no, name: this.name ?? '' }
  }

  /** Whether it still counts. */
  get isOurs() {
    return this.status === 'active' || this.status === 'maintenance'
  }

  get key() {
    return { tenant_id: current.tenantId(), miner_no: this.no }
  }
}
