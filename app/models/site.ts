import { SiteSchema } from '#database/schema'
import { Tenanted } from '#core/model'

/** A place where miners stand. */
export default class Site extends Tenanted(SiteSchema) {
  static table = 'sites'
}
