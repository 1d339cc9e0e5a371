import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, openToLogin } from '#core/schema'

/** Bearer tokens: hashed, scoped and expiring. A token can do no more than its owner. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table api_tokens (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        user_id uuid not null references users (id),
        name text not null check (length(name) between 1 and 80),
        prefix text not null,
        token_hash bytea not null,
        scopes text[] not null check (cardinality(scopes) > 0),
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      )`)
    this.schema.raw('create index api_tokens_hash on api_tokens (token_hash)')
    confineToTenant(this.schema, 'api_tokens')
    openToLogin(this.schema, 'api_tokens', 'a token is found before its tenant is known', [
      'select',
      'update',
    ])
  }

  async down() {
    this.schema.dropTable('api_tokens')
  }
}
