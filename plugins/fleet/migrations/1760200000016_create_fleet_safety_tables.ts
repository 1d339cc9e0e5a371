import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** What collectors of a site may do by themselves, and what they did. Without a row: nothing. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_safety_policies (
        tenant_id uuid not null references tenants (id),
        site_id uuid not null,
        is_on boolean not null default false,
        sleep_above_c integer not null check (sleep_above_c between 60 and 120),
        samples_in_row integer not null check (samples_in_row between 2 and 20),
        most_per_hour integer not null check (most_per_hour between 1 and 20),
        most_share_pct integer not null check (most_share_pct between 1 and 100),
        wake_below_c integer check (wake_below_c between 10 and 100),
        wake_after_minutes integer not null check (wake_after_minutes between 5 and 1440),
        changed_by uuid,
        changed_at timestamptz not null default now(),
        primary key (tenant_id, site_id),
        foreign key (tenant_id, site_id) references sites (tenant_id, id)
      )`)
    confineToTenant(this.schema, 'fleet_safety_policies', { site: 'site_id' })
    this.schema.raw(`
      create table fleet_safety_events (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        site_id uuid not null,
        collector_id uuid not null,
        at timestamptz not null,
        received_at timestamptz not null default now(),
        miner_key text not null check (length(miner_key) <= 126),
        ip text not null check (length(ip) <= 45),
        action text not null check (action in ('pause', 'resume')),
        outcome text not null check (outcome in ('sent', 'lost', 'refused', 'done', 'not_done')),
        temp_c double precision,
        detail text check (length(detail) <= 300),
        primary key (tenant_id, id),
        foreign key (tenant_id, collector_id) references fleet_collectors (tenant_id, id),
        foreign key (tenant_id, site_id) references sites (tenant_id, id)
      )`)
    this.schema.raw(`
      create index fleet_safety_events_newest on fleet_safety_events
        (tenant_id, collector_id, at desc)`)
    confineToTenant(this.schema, 'fleet_safety_events', { site: 'site_id' })
  }

  async down() {
    this.schema.dropTable('fleet_safety_events')
    this.schema.dropTable('fleet_safety_policies')
  }
}
