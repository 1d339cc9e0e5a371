import { ZoneSchema } from '#database/schema'
import { Tenanted } from '#core/model'

/** A part of a site that is run apart. */
export default class Zone extends Tenanted(ZoneSchema) {
  static table = 'zones'
}
