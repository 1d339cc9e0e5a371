import { BaseSchema } from '@adonisjs/lucid/schema'

/** The rack that a device feeds or stands at; as of miners, a word of the people there. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw('alter table fleet_meters add rack text check (length(rack) between 1 and 40)')
  }

  async down() {
    this.schema.raw('alter table fleet_meters drop rack')
  }
}
