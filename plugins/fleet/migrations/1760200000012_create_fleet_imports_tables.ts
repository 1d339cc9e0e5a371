import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

const TENANT = 'tenant_id uuid not null references tenants (id)'
const IMPORT = `foreign key (tenant_id, import_id) references fleet_imports (tenant_id, id)
          on delete cascade`

/** Lists of miners that somebody sent: the file, how it is read, and what each row would do. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_imports (
        ${TENANT},
        id uuid not null,
        name text not null check (length(name) between 1 and 120),
        kind text not null check (kind in ('csv', 'xlsx')),
        file_hash text not null check (file_hash ~ '^[0-9a-f]{64}$'),
        byte_count integer not null,
        state text not null default 'draft' check (state in ('draft', 'checked', 'applied')),
        reading jsonb not null default '{}',
        counts jsonb not null default '{}',
        plan_hash text check (plan_hash ~ '^[0-9a-f]{64}$'),
        created_by uuid,
        applied_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id)
      )`)
    this.schema.raw(
      'create index fleet_imports_by_time on fleet_imports (tenant_id, created_at desc)'
    )
    confineToTenant(this.schema, 'fleet_imports')

    // Apart from the row that lists read: files are large.
    this.schema.raw(`
      create table fleet_import_files (
        ${TENANT},
        import_id uuid not null,
        content bytea not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, import_id),
        ${IMPORT}
      )`)
    confineToTenant(this.schema, 'fleet_import_files', { rights: ['select', 'insert', 'delete'] })

    this.schema.raw(`
      create table fleet_import_rows (
        ${TENANT},
        import_id uuid not null,
        line integer not null check (line > 0),
        outcome text not null check (outcome in ('new', 'changed', 'same', 'conflict', 'bad')),
        label text not null default '',
        miner_id uuid,
        miner_no integer,
        apply jsonb,
        changes jsonb,
        faults jsonb,
        primary key (tenant_id, import_id, line),
        ${IMPORT}
      )`)
    this.schema.raw(`
      create index fleet_import_rows_miner on fleet_import_rows (tenant_id, miner_id)
        where outcome in ('new', 'changed')`)
    confineToTenant(this.schema, 'fleet_import_rows')
  }

  async down() {
    for (const table of ['rows', 'files']) this.schema.dropTable(`fleet_import_${table}`)
    this.schema.dropTable('fleet_imports')
  }
}
