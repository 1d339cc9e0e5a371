import { compose } from '@adonisjs/core/helpers'
import { DateTime } from 'luxon'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { CalculatorShareSchema } from '#database/schema'
import plugin from '../plugin.js'

/** A link that shows one frozen result to whoever holds it, until it ends or is taken back. */
export default class ScenarioShare extends compose(CalculatorShareSchema, Tenanted) {
  static table = 'calculator_shares'

  /** The link of this scenario with this id, or E_NOT_FOUND. */
  static async named(scenarioId: string, id: unknown): Promise<ScenarioShare> {
    const share = isId(id)
      ? await ScenarioShare.query().where({ scenario_id: scenarioId, id }).first()
      : null
    if (!share) throw new E_NOT_FOUND()
    return share as ScenarioShare
  }

  /** The links of a scenario, newest first. */
  static async of(scenarioId: string): Promise<ScenarioShare[]> {
    return ScenarioShare.query().where('scenario_id', scenarioId).orderBy('created_at', 'desc')
  }

  stateAt(now: Date): 'open' | 'expired' | 'revoked' {
    if (this.revokedAt) return 'revoked'
    return this.expiresAt.toJSDate() <= now ? 'expired' : 'open'
  }

  /** Takes the link back for good. */
  async revoke() {
    if (this.revokedAt) return
    this.revokedAt = DateTime.utc()
    await this.save()
    const scenario = { id: this.scenarioId, type: 'calculator_scenarios' }
    await plugin.track(scenario, 'scenario.unshared', { name: this.name })
  }
}
