import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, openToLogin } from '#core/schema'

/** Offers of a membership. The link is mailed; only its hash is kept. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table invitations (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        email citext not null check (length(email) <= 254),
        role text not null check (role in ('mining_site_owner', 'operator', 'client')),
        site_ids uuid[],
        customer_id uuid,
        valid_until timestamptz,
        token_hash bytea not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        revoked_at timestamptz,
        invited_by uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        check ((role = 'client') = (customer_id is not null)),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id)
      )`)
    this.schema.raw('create index invitations_token on invitations (token_hash)')
    confineToTenant(this.schema, 'invitations')
    openToLogin(this.schema, 'invitations', 'whoever follows the link has no tenant yet', [
      'select',
    ])
  }

  async down() {
    this.schema.dropTable('invitations')
  }
}
