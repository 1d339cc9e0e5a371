import { centsFromUsd, exact, usdFromCents, type ExactValue } from '#core/money'
import { CalculationError } from '#core/maths/calculation_error'

/** How a host charges a client. Rates are decimals in US dollars, never cents. */
export type HostingModel =
  | { type: 'flat'; usdPerKwh: ExactValue }
  | { type: 'passthrough_plus'; energyUsdPerKwh: ExactValue; serviceUsdPerKwh: ExactValue }
  | { type: 'capacity'; energyUsdPerKwh: ExactValue; usdPerKwMonth: ExactValue }
  | { type: 'profit_share'; energyUsdPerKwh: ExactValue; hostShare: ExactValue }
  | { type: 'min_commit'; usdPerKwh: ExactValue; minKwh: ExactValue }

export interface HostingPeriod {
  kwh: ExactValue
  /** Contracted power; used by the capacity model. */
  kw: ExactValue
  clientGrossRevenueCents: bigint
  model: HostingModel
}

export interface HostingSettlement {
  hostInvoiceCents: bigint
  /** Gross revenue less the invoice; negative when the client has to pay on top. */
  clientNetCents: bigint
}

type Exact = ReturnType<typeof exact>

/**
 * What the host invoices for a month and what the client keeps. Exact decimal arithmetic; the
 * invoice is rounded once, to the cent, half away from zero. Numerics 02, convention `hosting`.
 * Throws CalculationError or MoneyError, both RangeErrors that name the field.
 */
export function hostingSettlement(period: HostingPeriod): HostingSettlement {
  const { clientGrossRevenueCents } = period
  if (typeof clientGrossRevenueCents !== 'bigint') {
    throw new CalculationError('clientGrossRevenueCents', 'must be whole cents as a bigint')
  }
  const hostInvoiceCents = centsFromUsd(invoiceUsd(period))
  return { hostInvoiceCents, clientNetCents: clientGrossRevenueCents - hostInvoiceCents }
}

function invoiceUsd(period: HostingPeriod): Exact {
  const { model } = period
  const kwh = quantity(period.kwh, 'kwh')
  switch (model.type) {
    case 'flat':
      return kwh.times(exact(model.usdPerKwh, 'usdPerKwh'))
    case 'passthrough_plus':
      return energyUsd(model, kwh).plus(
        kwh.times(exact(model.serviceUsdPerKwh, 'serviceUsdPerKwh'))
      )
    case 'capacity': {
      const capacityUsd = quantity(period.kw, 'kw').times(
        exact(model.usdPerKwMonth, 'usdPerKwMonth')
      )
      return energyUsd(model, kwh).plus(capacityUsd)
    }
    case 'profit_share':
      return profitShareUsd(model, energyUsd(model, kwh), period.clientGrossRevenueCents)
    case 'min_commit': {
      const minKwh = quantity(model.minKwh, 'minKwh')
      const billedKwh = kwh.greaterThan(minKwh) ? kwh : minKwh
      return billedKwh.times(exact(model.usdPerKwh, 'usdPerKwh'))
    }
    default:
      throw new CalculationError('model', 'is not a known hosting model')
  }
}

function energyUsd(model: { energyUsdPerKwh: ExactValue }, kwh: Exact): Exact {
  return kwh.times(exact(model.energyUsdPerKwh, 'energyUsdPerKwh'))
}

/** In a month of loss the client pays for the energy only. */
function profitShareUsd(model: { hostShare: ExactValue }, energy: Exact, cents: bigint): Exact {
  const share = exact(model.hostShare, 'hostShare')
  if (share.isNegative() || share.greaterThan(1)) {
    throw new CalculationError('hostShare', 'must be a number from 0 to 1')
  }
  const gain = usdFromCents(cents).minus(energy)
  return gain.isPositive() ? energy.plus(gain.times(share)) : energy
}

function quantity(value: ExactValue, field: string): Exact {
  const number = exact(value, field)
  if (number.isNegative()) throw new CalculationError(field, 'must be a number of at least 0')
  return number
}
