import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, keepForLogin, openToLogin } from '#core/schema'

/** What a tenant has set and switched: settings, plugins, and its own say on the role matrix. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table plugin_settings (
        tenant_id uuid not null references tenants (id),
        plugin text not null,
        values jsonb not null,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, plugin)
      )`)
    confineToTenant(this.schema, 'plugin_settings')

    this.schema.raw(`
      create table tenant_plugins (
        tenant_id uuid not null references tenants (id),
        plugin text not null,
        enabled boolean not null,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, plugin)
      )`)
    confineToTenant(this.schema, 'tenant_plugins')
    openToLogin(
      this.schema,
      'tenant_plugins',
      'what is switched off is asked before the scope is set',
      ['select']
    )

    this.schema.raw(`
      create table role_permissions (
        tenant_id uuid not null references tenants (id),
        role text not null check (role in ('mining_site_owner', 'operator', 'client')),
        permission text not null,
        granted boolean not null,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, role, permission)
      )`)
    confineToTenant(this.schema, 'role_permissions')
    openToLogin(
      this.schema,
      'role_permissions',
      'the matrix of a tenant is asked before the scope is set',
      ['select']
    )

    this.schema.raw(`
      create table installation_settings (
        key text primary key,
        value jsonb not null,
        updated_at timestamptz not null default now()
      )`)
    keepForLogin(this.schema, 'installation_settings', 'what holds for the whole installation')
  }

  async down() {
    for (const table of [
      'installation_settings',
      'role_permissions',
      'tenant_plugins',
      'plugin_settings',
    ]) {
      this.schema.dropTable(table)
    }
  }
}
