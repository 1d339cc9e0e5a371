import type { HostingModel } from './hosting_settlement.js'

export interface NextUse {
  /** Used in the month so far. */
  usedKwh: number
  kwh: number
  /** What these kWh cost the host. */
  energyUsd: number
}

/**
 * What running on for some kWh adds to the client's invoice, in US dollars: the figure that decides
 * whether it pays to run. Charges that are due anyway (per kW, per miner, the minimum) do not count.
 */
export function marginalInvoiceUsd(model: HostingModel, next: NextUse): number {
  const { usedKwh, kwh } = next
  switch (model.type) {
    case 'flat':
      return kwh * Number(model.usdPerKwh)
    case 'passthrough_plus':
      return passedOnUsd(model, next) + kwh * Number(model.serviceUsdPerKwh)
    case 'mark_up': {
      const usd = passedOnUsd(model, next)
      return usd > 0 ? usd * (1 + Number(model.markUpPct) / 100) : usd
    }
    case 'min_commit': {
      const paidFor = Math.max(usedKwh, Number(model.minKwh))
      return Math.max(0, usedKwh + kwh - paidFor) * Number(model.usdPerKwh)
    }
    default:
      return passedOnUsd(model, next)
  }
}

function passedOnUsd(model: { energyUsdPerKwh?: unknown }, { kwh, energyUsd }: NextUse): number {
  return model.energyUsdPerKwh === undefined ? energyUsd : kwh * Number(model.energyUsdPerKwh)
}
