import { compose } from '@adonisjs/core/helpers'
import { DateTime } from 'luxon'
import { current } from '#core/current'
import { Tenanted } from '#core/model'
import { CalculatorOwnModelSchema } from '#database/schema'
import plugin from '../plugin.js'

interface Nameplate {
  name: string
  hashrateThs: number
  powerW: number
  note?: string
}

/** A miner as a tenant measured or tuned it. */
export default class OwnModel extends compose(CalculatorOwnModelSchema, Tenanted) {
  static table = 'calculator_own_models'

  static async add(nameplate: Nameplate) {
    const model = await this.create({ ...nameplate, createdBy: current.get().userId })
    const { name, hashrateThs, powerW } = nameplate
    await plugin.track(model, 'model.created', { name, hashrateThs, powerW })
    return model
  }

  async archive() {
    this.archivedAt = DateTime.utc()
    await this.save()
    await plugin.track(this, 'model.archived', { name: this.name })
  }

  async restore() {
    this.archivedAt = null
    await this.save()
    await plugin.track(this, 'model.restored', { name: this.name })
  }

  get label() {
    return this.name
  }
}
