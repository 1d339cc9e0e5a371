import { BaseSchema } from '@adonisjs/lucid/schema'

/** When a run may be taken, and which take of it counts: a worker that was given up writes nothing. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      alter table job_runs
        add column available_at timestamptz not null default now(),
        add column lease uuid`)
    this.schema.raw('create index job_runs_recent on job_runs (tenant_id, created_at desc, id)')
  }

  async down() {
    this.schema.raw('drop index job_runs_recent')
    this.schema.raw('alter table job_runs drop column available_at, drop column lease')
  }
}
