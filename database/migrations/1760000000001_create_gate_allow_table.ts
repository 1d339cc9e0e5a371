import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow } from '#core/schema'

/** What the schema gate may find without a tenant, each with its reason. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw('create schema if not exists sys')
    this.schema.raw('create table sys.gate_allow (obj text primary key, reason text not null)')
    for (const table of ['schema_migrations', 'schema_migrations_versions']) {
      allow(this.schema, table, 'which migrations ran; the app role has no right on it')
    }
  }

  async down() {
    this.schema.raw('drop schema sys cascade')
  }
}
