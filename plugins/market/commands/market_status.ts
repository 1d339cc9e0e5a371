import { TenantCommand } from '#core/command'
import type { MarketStatus } from '../services/status.js'

const day = (at: Date | null) => (at ? at.toISOString().slice(0, 10) : '—')
const pct = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(2)} %`

/** The market data of the portal at the console: the same object as the API's. */
export default class MarketStatusCommand extends TenantCommand {
  static commandName = 'market:status'
  static description = 'Stored market values with age, the epoch, the next retarget, the halving'
  static permission = 'market.series.view'
  static openToGuests = true

  async inTenant() {
    // Imported here and not above: every console command is loaded to list them.
    const { marketStatus } = await import('../services/status.js')
    const status = await marketStatus(new Date())
    this.printValues(status)
    this.printChain(status)
    this.printCoverage(status)
    return status
  }

  private line(name: string, text: string) {
    this.say(`${name.padEnd(22)} ${text}`)
  }

  private printValues({ values, missing, hashprice, hashpriceReason }: MarketStatus) {
    for (const { series, value, unit, source, at, quality, isOld } of values) {
      this.line(series, `${value} ${unit}  ${source}, ${at}, ${quality}${isOld ? ', old' : ''}`)
    }
    for (const series of missing) this.line(series, '— not stored')
    const fees = hashprice?.includesFees ? 'with fees' : 'subsidy only'
    const price = hashprice
      ? `${hashprice.usdPerPhDay.toFixed(3)} USD/PH/day, ${hashprice.satsPerThDay.toFixed(4)} sat/TH/day, ${fees}`
      : `— ${hashpriceReason}`
    this.line('hashprice', price)
  }

  private printChain({ epoch, halving }: MarketStatus) {
    if (!epoch) return this.line('epoch', '— not stored')
    const progress = epoch.progressPct === null ? '' : `, ${epoch.progressPct.toFixed(1)} %`
    this.line('epoch', `${epoch.epoch}${progress}${epoch.reason ? ` (${epoch.reason})` : ''}`)
    const next = epoch.projection
    if (next) {
      const band = `${pct(next.changeLowPct)} to ${pct(next.changeHighPct)}`
      const when = `${day(next.at)} (${day(next.earliest)} to ${day(next.latest)})`
      this.line('next retarget', `${pct(next.changePct)} (${band}), ${when}`)
    }
    if (!halving) return
    const when = `${day(halving.estimate)} (${day(halving.earliest)} to ${day(halving.latest)})`
    this.line('halving', `${halving.blocksLeft} blocks to ${halving.height}, ${when}`)
  }

  private printCoverage({ coverage }: MarketStatus) {
    for (const { series, source, points, from, to, missingDays } of coverage) {
      const gaps = missingDays ? `, ${missingDays} days missing` : ''
      this.line(`stored ${series}`, `${points} of ${source}, ${day(from)} to ${day(to)}${gaps}`)
    }
  }
}
