import { BaseSchema } from '@adonisjs/lucid/schema'
import { keepForLogin } from '#core/schema'

/** The worker processes that are alive, as they say themselves. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table worker_heartbeats (
        id uuid primary key,
        host text not null,
        pid integer not null,
        running integer not null default 0,
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now()
      )`)
    keepForLogin(this.schema, 'worker_heartbeats', 'processes serve all tenants')
  }

  async down() {
    this.schema.dropTable('worker_heartbeats')
  }
}
