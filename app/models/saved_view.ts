import { SavedViewSchema } from '#database/schema'
import { Tenanted } from '#core/model'

/** A person's own view of a table. */
export default class SavedView extends Tenanted(SavedViewSchema) {
  static table = 'saved_views'
}
