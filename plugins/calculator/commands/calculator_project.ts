import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'
import type { ProjectionAnswer } from '../services/project_miner.js'
import { fieldsOf } from '../services/projection_fields.js'
import { PROJECTION_FLAGS, SHUTDOWN_FLAG } from '../services/projection_flags.js'

/** The projection at the console: the same answer as on the page and in the API. */
export default class CalculatorProject extends TenantCommand {
  static commandName = 'calculator:project'
  static description = 'What an investment in miners returns over the years'
  static permission = 'calculator.profit.view'
  static openToGuests = true

  static {
    this.boot()
    for (const [name, description] of Object.entries(PROJECTION_FLAGS)) {
      this.defineFlag(name, { type: 'string', description })
    }
  }

  @flags.boolean({ description: SHUTDOWN_FLAG }) declare shutdownWhenNegative?: boolean

  @flags.boolean({ description: 'Add what a change of each input alone does' })
  declare sensitivity?: boolean

  async inTenant() {
    // Imported here and not above: every console command is loaded to list them.
    const { contextFor } = await import('../services/input_context.js')
    const { projectMiner } = await import('../services/project_miner.js')
    const { sensitivityOf } = await import('../services/sensitivity.js')
    const { projectionValidator } = await import('../validators_projection.js')
    const query = await projectionValidator.validate(fieldsOf(this.parsed.flags))
    const context = await contextFor(query, new Date())
    const answer = projectMiner(query, context)
    this.print(answer)
    if (!this.sensitivity) return answer
    const { bars } = sensitivityOf(query, context)
    for (const { lever, lowChangeUsd, highChangeUsd } of bars) {
      this.say(`  ${lever.padEnd(32)} ${lowChangeUsd} … ${highChangeUsd}`)
    }
    return { ...answer, sensitivity: bars }
  }

  private print(answer: ProjectionAnswer) {
    const { totals, returns, breakEven, sources, assumptions } = answer
    const row = (name: string, value: unknown, more: string | null = '') =>
      this.say(`${name.padEnd(34)} ${value ?? '—'} ${more ?? ''}`.trimEnd())
    row('days', answer.days, `from ${answer.startDate}`)
    row('sats', totals.sats)
    row('revenue in cents', totals.revenueCents)
    row('cash in cents', totals.cashCents)
    row('days off', totals.daysOff)
    row('NPV in $', returns.npvUsd, returns.npvReason)
    row('IRR a year', returns.irrAnnual, returns.irrReason)
    row('XIRR a year', returns.xirrAnnual, returns.xirrReason)
    row('payback in days', returns.paybackDays, returns.paybackReason)
    row('break-even $/BTC', breakEven.breakEvenUsdPerBtc, breakEven.breakEvenUsdPerBtcReason)
    for (const [name, { value, source, detail, at }] of Object.entries(sources)) {
      row(`  ${name}`, value, `(${[source, detail, at].filter(Boolean).join(', ')})`)
    }
    row('assumed', assumptions.join(', '))
  }
}
