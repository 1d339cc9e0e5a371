import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, openToLogin } from '#core/schema'

const KEY = 'tenant_id uuid not null references tenants (id), id uuid not null'
const SITE = 'foreign key (tenant_id, site_id) references sites (tenant_id, id)'

/** The machines at the sites that read miners, how they came in, and where they may look. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_collectors (
        ${KEY},
        site_id uuid not null,
        name text not null check (length(name) between 1 and 80),
        public_key text not null check (length(public_key) = 43),
        hostname text,
        version text,
        enrolled_by uuid,
        enrolled_at timestamptz not null default now(),
        revoked_at timestamptz,
        auto_accept boolean not null default true,
        poll_seconds integer not null default 30 check (poll_seconds between 5 and 3600),
        detail_seconds integer not null default 300 check (detail_seconds between 15 and 86400),
        scan_hours integer not null default 24 check (scan_hours between 0 and 8760),
        scan_request integer not null default 0,
        config_version integer not null default 1,
        config_seen integer not null default 0,
        boot_id uuid,
        started_at timestamptz,
        seen_at timestamptz,
        batch_at timestamptz,
        offset_ms double precision,
        queue_batches bigint not null default 0,
        queue_bytes bigint not null default 0,
        queue_oldest_at timestamptz,
        dropped_samples bigint not null default 0,
        miners_known integer not null default 0,
        miners_answering integer not null default 0,
        rss_bytes bigint not null default 0,
        round_ms bigint,
        is_down boolean not null default false,
        primary key (tenant_id, id),
        unique (tenant_id, public_key),
        ${SITE}
      )`)
    this.schema.raw('create index fleet_collectors_id on fleet_collectors (id)')
    confineToTenant(this.schema, 'fleet_collectors', { site: 'site_id' })
    openToLogin(
      this.schema,
      'fleet_collectors',
      'a request of a collector says who it is before there is a tenant',
      ['select']
    )

    this.schema.raw(`
      create table fleet_enrolment_codes (
        ${KEY},
        site_id uuid not null,
        name text not null check (length(name) between 1 and 80),
        code_hash bytea not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        collector_id uuid,
        created_by uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        ${SITE}
      )`)
    this.schema.raw('create index fleet_enrolment_codes_hash on fleet_enrolment_codes (code_hash)')
    confineToTenant(this.schema, 'fleet_enrolment_codes', { site: 'site_id' })
    openToLogin(
      this.schema,
      'fleet_enrolment_codes',
      'whoever has the code is not known yet, nor is the tenant',
      ['select']
    )

    this.schema.raw(`
      create table fleet_ranges (
        ${KEY},
        site_id uuid not null,
        zone_id uuid,
        collector_id uuid not null,
        addresses text not null check (length(addresses) between 1 and 100),
        ports jsonb not null default '{}',
        created_by uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, collector_id, addresses),
        foreign key (tenant_id, collector_id) references fleet_collectors (tenant_id, id),
        foreign key (tenant_id, zone_id) references zones (tenant_id, id),
        ${SITE}
      )`)
    confineToTenant(this.schema, 'fleet_ranges', { site: 'site_id' })
  }

  async down() {
    for (const table of ['fleet_ranges', 'fleet_enrolment_codes', 'fleet_collectors']) {
      this.schema.dropTable(table)
    }
  }
}
