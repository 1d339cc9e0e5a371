import { CustomerSchema } from '#database/schema'
import { Tenanted } from '#core/model'

/** A hosting client of a tenant. */
export default class Customer extends Tenanted(CustomerSchema) {
  static table = 'customers'
}
