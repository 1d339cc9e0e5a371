import { BaseSchema } from '@adonisjs/lucid/schema'
import { keepForLogin } from '#core/schema'

/** People. They are global; memberships tie them to tenants. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table users (
        id uuid primary key,
        email citext not null unique check (length(email) <= 254),
        full_name text not null check (length(full_name) between 1 and 120),
        password_hash text,
        password_changed_at timestamptz,
        email_verified_at timestamptz,
        platform_role text check (platform_role in ('owner', 'admin')),
        locale text not null default 'en' check (locale in ('en', 'zh')),
        time_zone text not null default 'UTC',
        currency char(3) not null default 'USD',
        totp_secret text,
        totp_enabled_at timestamptz,
        totp_last_step bigint,
        suspended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`)
    keepForLogin(
      this.schema,
      'users',
      'people are global; the app role sees names of its own members'
    )
  }

  async down() {
    this.schema.dropTable('users')
  }
}
