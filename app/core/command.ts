import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import i18nManager from '@adonisjs/i18n/services/main'
import db from '@adonisjs/lucid/services/db'
import { current, type Who } from '#core/current'
import { defineError, E_FORBIDDEN, E_PLUGIN_OFF } from '#core/errors'
import { theHost } from '#core/host'
import { messagesOf } from '#core/messages'
import { pluginOf } from '#core/plugin'

/** The console was given the slug of a tenant that does not exist. */
export const E_TENANT_UNKNOWN = defineError<[slug: string]>(
  'There is no tenant "%s"',
  'E_TENANT_UNKNOWN',
  404
)

/** There is more than one tenant and the console cannot know which is meant. */
export const E_TENANT_NEEDED = defineError(
  'Say which tenant is meant with --tenant <slug>',
  'E_TENANT_NEEDED',
  422
)

interface Refusal extends Error {
  status?: number
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && ((error as Refusal).status ?? 500) < 500

const asJson = (value: unknown) =>
  JSON.stringify(value ?? null, (_, item) => (typeof item === 'bigint' ? item.toString() : item))

/**
 * A console command that acts in one tenant. Write `inTenant()`: it runs as the console inside the
 * tenant's scope; what it returns is printed by `--json`, what it says with `say()` otherwise.
 */
export abstract class TenantCommand extends BaseCommand {
  static options: CommandOptions = { startApp: true }

  /** The permission in full, `market.series.view`: its plugin must be on for the tenant. */
  static permission: string

  /** Without `--tenant` it runs as a guest, who sees what all tenants share. */
  static openToGuests = false

  @flags.string({ description: 'Slug of the tenant; not needed where there is only one' })
  declare tenant?: string

  @flags.boolean({ description: 'Print JSON, and nothing else, to stdout' })
  declare json?: boolean

  abstract inTenant(): Promise<unknown>

  /** A line for people; silent with `--json`. */
  protected say(line: string) {
    if (!this.json) process.stdout.write(`${line}\n`)
  }

  async run() {
    try {
      const answer = await this.actInTenant()
      if (this.json) process.stdout.write(`${asJson(answer)}\n`)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.refuse(error)
    }
  }

  private async actInTenant() {
    const { permission } = this.constructor as typeof TenantCommand
    const who = await this.who()
    const plugin = pluginOf(permission)
    if (who.pluginsOff?.has(plugin)) throw new E_PLUGIN_OFF([plugin])
    if (!who.permissions.has(permission)) throw new E_FORBIDDEN([permission])
    return current.run(who, () => this.inTenant())
  }

  private async who(): Promise<Who> {
    const { openToGuests } = this.constructor as typeof TenantCommand
    const host = theHost()
    if (openToGuests && !this.tenant) return { ...(await host.guest()), via: 'console' }
    return host.systemIn(await tenantFor(this.tenant), 'console')
  }

  /** On stderr, so that stdout stays empty or JSON. */
  private refuse(error: Refusal) {
    const messages = messagesOf(error, i18nManager.locale('en'))
    const lines = messages
      ? Object.entries(messages).map(([field, sentences]) => `${field}: ${sentences.join(' ')}`)
      : [error.message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    this.exitCode = 1
  }
}

/** The named tenant, else the only one there is, else the demo tenant. */
async function tenantFor(slug?: string): Promise<string> {
  const tenants = db.connection('login').from('tenants').select('id', 'is_demo')
  if (slug) {
    const named = await tenants.where('slug', slug).first()
    if (!named) throw new E_TENANT_UNKNOWN([slug])
    return named.id
  }
  const all = await tenants.orderBy('created_at').limit(1000)
  const chosen = all.length === 1 ? all[0] : all.find((row) => row.is_demo)
  if (!chosen) throw new E_TENANT_NEEDED()
  return chosen.id
}
