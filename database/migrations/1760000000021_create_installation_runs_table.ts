import { BaseSchema } from '@adonisjs/lucid/schema'
import { keepForLogin } from '#core/schema'

/** Scheduled work of the installation itself: one row a tick, however many workers there are. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table installation_runs (
        job text not null,
        tick_at timestamptz not null,
        state text not null default 'running' check (state in ('running', 'done', 'failed')),
        result jsonb,
        error text,
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        primary key (job, tick_at)
      )`)
    keepForLogin(this.schema, 'installation_runs', 'work of the installation, for no tenant')
  }

  async down() {
    this.schema.dropTable('installation_runs')
  }
}
