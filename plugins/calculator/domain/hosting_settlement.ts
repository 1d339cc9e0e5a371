import { centsFromUsd, exact, usdFromCents, type ExactValue } from '#core/money'
import { CalculationError } from '#core/maths/calculation_error'

/**
 * Energy that is passed on: at a price per kWh of the contract or, where there is none, at what the
 * energy of the period really cost the host (`HostingPeriod.energyUsd`).
 */
interface PassedOn {
  energyUsdPerKwh?: ExactValue
}

/** How a host charges a client. Rates are decimals in US dollars, never cents. */
export type HostingModel =
  | { type: 'flat'; usdPerKwh: ExactValue }
  | ({ type: 'passthrough_plus'; serviceUsdPerKwh: ExactValue } & PassedOn)
  | ({ type: 'capacity'; usdPerKwMonth: ExactValue } & PassedOn)
  | ({ type: 'per_miner'; usdPerMinerMonth: ExactValue } & PassedOn)
  | ({ type: 'profit_share'; hostShare: ExactValue } & PassedOn)
  | ({ type: 'mark_up'; markUpPct: ExactValue } & PassedOn)
  | { type: 'min_commit'; usdPerKwh: ExactValue; minKwh: ExactValue }

/** Whether the invoice hangs on what the energy really cost the host. */
export const passesEnergyOn = (model: HostingModel): boolean =>
  model.type !== 'flat' && model.type !== 'min_commit' && model.energyUsdPerKwh === undefined

export interface HostingPeriod {
  kwh: ExactValue
  /** Contracted power; used by the capacity model. */
  kw: ExactValue
  /** Used by the model per miner. */
  miners?: ExactValue
  /** Length in months, 1 when left out: what is charged by the month is charged so often. */
  months?: ExactValue
  /** What the energy really cost the host; used where the contract has no price of its own. */
  energyUsd?: ExactValue
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
      return energyUsd(model, period).plus(
        kwh.times(exact(model.serviceUsdPerKwh, 'serviceUsdPerKwh'))
      )
    case 'capacity':
      return energyUsd(model, period).plus(
        monthly(period, 'kw').times(exact(model.usdPerKwMonth, 'usdPerKwMonth'))
      )
    case 'per_miner':
      return energyUsd(model, period).plus(
        monthly(period, 'miners').times(exact(model.usdPerMinerMonth, 'usdPerMinerMonth'))
      )
    case 'profit_share':
      return profitShareUsd(model, energyUsd(model, period), period.clientGrossRevenueCents)
    case 'mark_up':
      return markedUpUsd(energyUsd(model, period), quantity(model.markUpPct, 'markUpPct'))
    case 'min_commit': {
      const minKwh = quantity(model.minKwh, 'minKwh').times(monthsOf(period))
      return (kwh.greaterThan(minKwh) ? kwh : minKwh).times(exact(model.usdPerKwh, 'usdPerKwh'))
    }
    default:
      throw new CalculationError('model', 'is not a known hosting model')
  }
}

function energyUsd({ energyUsdPerKwh }: PassedOn, period: HostingPeriod): Exact {
  if (energyUsdPerKwh === undefined) return exact(period.energyUsd ?? Number.NaN, 'energyUsd')
  return quantity(period.kwh, 'kwh').times(exact(energyUsdPerKwh, 'energyUsdPerKwh'))
}

const monthsOf = ({ months = 1 }: HostingPeriod) => quantity(months, 'months')

/** A quantity that is charged by the month, times the months. */
function monthly(period: HostingPeriod, field: 'kw' | 'miners'): Exact {
  return quantity(period[field] ?? Number.NaN, field).times(monthsOf(period))
}

/** A credit for energy is passed on as it is: a mark-up on it would be a discount. */
function markedUpUsd(energy: Exact, markUpPct: Exact): Exact {
  return energy.isPositive() ? energy.plus(energy.times(markUpPct).div(100)) : energy
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
