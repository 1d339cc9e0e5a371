import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, confineToTenant, openToLogin } from '#core/schema'

const LEAF = `
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  occurred_at timestamptz not null,
  actor_id uuid,
  via text not null,
  name text not null,
  subject_type text not null,
  subject_id text not null,
  request_id text,
  payload jsonb not null,
  salt bytea not null,
  leaf_hash bytea not null`

/** What happened: in a tenant, and to people outside any tenant. Insert-only by the database's word. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create function sys.refuse_change() returns trigger language plpgsql as $$
      begin raise exception '% is insert-only', tg_table_name using errcode = '42501'; end $$`)
    this.schema.raw(
      `create table audit_events (tenant_id uuid not null references tenants (id), ${LEAF}, primary key (tenant_id, id))`
    )
    this.schema.raw(
      'create index audit_events_time on audit_events (tenant_id, occurred_at desc, id)'
    )
    this.schema.raw(
      'create index audit_events_subject on audit_events (tenant_id, subject_type, subject_id)'
    )
    this.schema.raw(
      'create index audit_events_name on audit_events (tenant_id, name, occurred_at desc)'
    )
    confineToTenant(this.schema, 'audit_events', { rights: ['select', 'insert'] })

    this.schema.raw(`create table account_events (${LEAF}, primary key (id))`)
    this.schema.raw(
      'create index account_events_subject on account_events (subject_id, occurred_at desc)'
    )
    allow(
      this.schema,
      'account_events',
      'what happened to people and to the installation, outside any tenant'
    )
    this.schema.raw('grant select, insert on account_events to hi_login')

    for (const table of ['audit_events', 'account_events']) {
      this.schema.raw(
        `create trigger refuse_change before update or delete on ${table} for each row execute function sys.refuse_change()`
      )
      this.schema.raw(
        `create trigger refuse_truncate before truncate on ${table} for each statement execute function sys.refuse_change()`
      )
    }

    this.schema.raw(`
      create table outbox (
        tenant_id uuid not null references tenants (id),
        event_id uuid not null,
        xid xid8 not null default pg_current_xact_id(),
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default now(),
        last_error text,
        dead_at timestamptz,
        primary key (tenant_id, event_id)
      )`)
    this.schema.raw('create index outbox_due on outbox (next_attempt_at) where dead_at is null')
    confineToTenant(this.schema, 'outbox', { rights: ['insert', 'select'] })
    openToLogin(this.schema, 'outbox', 'one dispatcher serves all tenants', [
      'select',
      'update',
      'delete',
    ])
  }

  async down() {
    this.schema.dropTable('outbox')
    this.schema.dropTable('account_events')
    this.schema.dropTable('audit_events')
    this.schema.raw('drop function sys.refuse_change')
  }
}
