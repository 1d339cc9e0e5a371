import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Rolls up what is due, without waiting for the schedule; or a span anew. */
export default class FleetRollup extends TenantCommand {
  static commandName = 'fleet:rollup'
  static description = 'Make the five minutes and days that are due, now; with --from those again'
  static permission = 'fleet.collector.edit'

  @flags.string({
    description: 'ISO 8601: roll up from here again, as far back as samples are kept',
  })
  declare from?: string

  @flags.string({ description: 'ISO 8601: until here; now unless given' })
  declare to?: string

  @flags.boolean({ description: 'Say how much is due, and roll up nothing' })
  declare dryRun?: boolean

  async inTenant() {
    const { countDue, untilDone } = await import('../services/rollup_span.js')
    const { rollUpNext } = await import('../services/rollup_5min.js')
    const { rollUpDay } = await import('../services/rollup_days.js')
    const now = new Date()
    await this.markAgain(now)
    if (this.dryRun) {
      const due = await countDue()
      this.say(`${due.buckets} × 5 minutes and ${due.days} days are due`)
      return { isDryRun: true, ...due }
    }
    const buckets = await untilDone(() => rollUpNext(now))
    const days = await untilDone(async () => Number(await rollUpDay()))
    this.say(`${buckets} × 5 minutes, ${days} days`)
    return { buckets, days }
  }

  private async markAgain(now: Date) {
    if (!this.from) return
    const { apart, markSpan, spanOf } = await import('../services/rollup_span.js')
    const span = await spanOf({ from: this.from, to: this.to }, now)
    if (!this.dryRun) await apart(() => markSpan(span, now))
  }
}
