import { text } from 'node:stream/consumers'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { DATA } from '../domain/data.js'

/** Everything that the page of data providers does. */
export default class MarketProviders extends BaseCommand {
  static commandName = 'market:providers'
  static description = 'List the data providers and how they are; change order, address and keys'
  static options: CommandOptions = { startApp: true }
  static permission = 'market.provider.view'

  @args.string({ description: 'Name of the provider to change', required: false })
  declare provider?: string

  @flags.string({ description: `The datum to change: ${DATA.join(', ')}` })
  declare datum?: string

  @flags.boolean({ description: 'Switch the provider on for the datum' })
  declare enable: boolean

  @flags.boolean({ description: 'Switch the provider off for the datum' })
  declare disable: boolean

  @flags.string({ description: 'Move the provider within the datum: up or down' })
  declare move?: string

  @flags.string({ description: 'The address of the provider; "default" is its own again' })
  declare url?: string

  @flags.boolean({ description: 'Read the key from stdin, so that no process list shows it' })
  declare keyStdin: boolean

  @flags.boolean({ description: 'Take the key away' })
  declare removeKey: boolean

  @flags.boolean({ description: 'Ask the provider for the datum now and show what it answers' })
  declare try: boolean

  @flags.boolean({ description: 'Say what would change, and change nothing' })
  declare dryRun: boolean

  @flags.boolean({ description: 'Answer as JSON' })
  declare json: boolean

  async run() {
    try {
      const answer = this.provider ? await this.act(this.provider) : await this.list()
      if (this.json) process.stdout.write(`${JSON.stringify(answer)}\n`)
      else if (this.provider) this.logger.log(JSON.stringify(answer, null, 2))
    } catch (error) {
      if (((error as { status?: number }).status ?? 500) >= 500) throw error
      this.logger.error((error as Error).message)
      this.exitCode = 1
    }
  }

  private async list() {
    const { providerOverview } = await import('../services/provider_overview.js')
    const overview = await providerOverview()
    if (this.json) return overview
    for (const { datum, outcome, feeds } of overview.data) {
      this.logger.log(`${datum} (${outcome ?? 'never asked'})`)
      for (const { provider, mood, lastError, lastSuccessAt } of feeds) {
        const last = lastSuccessAt?.toISOString() ?? 'never'
        this.logger.log(`  ${provider.padEnd(18)} ${mood.padEnd(10)} ${last}  ${lastError ?? ''}`)
      }
    }
    return overview
  }

  /** Every change that the flags ask for, one after the other. */
  private async act(name: string) {
    const { providerNamed } = await import('../providers/registry.js')
    const { E_NOT_FOUND } = await import('#core/errors')
    const provider = providerNamed(name)
    if (!provider) throw new E_NOT_FOUND()
    const { setAddress, setKey } = await import('../services/provider_changes.js')
    const options = { via: 'console' as const, dryRun: this.dryRun }
    const done: unknown[] = []
    if (this.url !== undefined) {
      done.push(await setAddress(provider, this.url === 'default' ? null : this.url, options))
    }
    if (this.keyStdin)
      done.push(await setKey(provider, (await text(process.stdin)).trim(), options))
    if (this.removeKey) done.push(await setKey(provider, null, options))
    return [...done, ...(await this.actOnFeed(name, options))]
  }

  private async actOnFeed(name: string, options: { via: 'console'; dryRun: boolean }) {
    const wishes = [this.enable, this.disable, this.move, this.try]
    if (!wishes.some(Boolean)) return []
    const { feedNamed } = await import('../services/provider_state.js')
    const { moveFeed, switchFeed } = await import('../services/provider_changes.js')
    const state = await feedNamed(this.datum, name)
    const done: unknown[] = []
    if (this.enable || this.disable) done.push(await switchFeed(state, this.enable, options))
    if (this.move === 'up' || this.move === 'down') {
      done.push(await moveFeed(state, this.move, options))
    }
    if (this.try) {
      const { tryNow } = await import('../services/provider_trial.js')
      done.push(await tryNow(state))
    }
    return done
  }
}
