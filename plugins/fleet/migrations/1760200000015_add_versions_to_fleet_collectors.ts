import { BaseSchema } from '@adonisjs/lucid/schema'

/** Which version a collector is to run, what became of that, and what it says of itself. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      alter table fleet_collectors
        add column update_request integer not null default 0,
        add column update_version text,
        add column update_downgrade boolean not null default false,
        add column update_waits_for uuid,
        add column update_state text
          check (update_state in ('fetching', 'staged', 'trial', 'good', 'failed')),
        add column update_reason text,
        add column notices jsonb not null default '[]',
        add constraint fleet_collectors_waits foreign key (tenant_id, update_waits_for)
          references fleet_collectors (tenant_id, id)`)
  }

  async down() {
    this.schema.raw(`
      alter table fleet_collectors drop constraint fleet_collectors_waits,
        drop column update_request, drop column update_version, drop column update_downgrade,
        drop column update_waits_for, drop column update_state, drop column update_reason,
        drop column notices`)
  }
}
