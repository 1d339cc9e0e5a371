import { compose } from '@adonisjs/core/helpers'
import { Shared } from '#core/model'
import { CalculatorModelSchema } from '#database/schema'

/** A miner of the catalogue. */
export default class CatalogueModel extends compose(CalculatorModelSchema, Shared) {
  static table = 'calculator_models'

  get label() {
    return `${this.maker} ${this.name}`
  }
}
