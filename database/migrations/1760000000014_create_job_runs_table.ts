import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, openToLogin } from '#core/schema'

/** Work that a tenant asked for. This table is the truth; the queue only wakes workers up. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table job_runs (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        job text not null,
        state text not null default 'queued'
          check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        payload jsonb not null,
        progress_done bigint not null default 0,
        progress_total bigint,
        attempts integer not null default 0,
        max_attempts integer not null default 3,
        result jsonb,
        error text,
        actor_id uuid,
        tick_at timestamptz,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        heartbeat_at timestamptz,
        finished_at timestamptz,
        primary key (tenant_id, id),
        unique (tenant_id, job, tick_at)
      )`)
    this.schema.raw('create index job_runs_open on job_runs (state, created_at)')
    confineToTenant(this.schema, 'job_runs')
    openToLogin(this.schema, 'job_runs', 'workers find lost runs of all tenants', ['select'])
  }

  async down() {
    this.schema.dropTable('job_runs')
  }
}
