import { centsFromUsd, wholeSats } from '#core/money'
import type { HostingModel } from './hosting_settlement.js'
import type { MonthSums } from './projection_months.js'

/** Money of a month, or of all months, in whole units. A cost is a positive figure. */
export interface BookedLines {
  sats: bigint
  revenueCents: bigint
  /** Energy that the owner buys; 0 when hosted, where it is part of the invoice. */
  energyCents: bigint
  /** For the power itself; 0 when hosted. */
  demandCents: bigint
  /** The host's invoice. */
  hostingCents: bigint
  fixedCents: bigint
  taxCents: bigint
  /** Revenue less all costs: the sum of the rounded lines. */
  cashCents: bigint
  daysOff: number
}

/** What the host books: the client's invoice against what the energy cost. */
export interface HostLines {
  revenueCents: bigint
  energyCents: bigint
  demandCents: bigint
  marginCents: bigint
}

/** What the client books against the host: before fixed costs and tax of the client. */
export interface ClientLines {
  grossCents: bigint
  invoiceCents: bigint
  netCents: bigint
}

/** Two books, one deal: the client's invoice is the host's revenue. */
export interface HostingBooks {
  host: HostLines
  client: ClientLines
}

export interface BookedMonth extends BookedLines {
  books: HostingBooks | null
}

/** Rounds each line of a month once, half away from zero. */
export function bookedMonth(
  month: MonthSums,
  taxUsd: number,
  hosting: HostingModel | null
): BookedMonth {
  const energyCents = centsFromUsd(month.energyUsd)
  const demandCents = centsFromUsd(month.demandUsd)
  const lines = {
    sats: wholeSats(month.sats),
    revenueCents: centsFromUsd(month.revenueUsd),
    energyCents: hosting ? 0n : energyCents,
    demandCents: hosting ? 0n : demandCents,
    hostingCents: centsFromUsd(month.hostingUsd),
    fixedCents: centsFromUsd(month.fixedUsd),
    taxCents: centsFromUsd(taxUsd),
    daysOff: month.daysOff,
  }
  const { revenueCents: grossCents, hostingCents: invoiceCents } = lines
  const marginCents = invoiceCents - energyCents - demandCents
  const books = {
    host: { revenueCents: invoiceCents, energyCents, demandCents, marginCents },
    client: { grossCents, invoiceCents, netCents: grossCents - invoiceCents },
  }
  return { ...lines, cashCents: cashOf(lines), books: hosting ? books : null }
}

const cashOf = (lines: Omit<BookedLines, 'cashCents'>) =>
  lines.revenueCents -
  lines.energyCents -
  lines.demandCents -
  lines.hostingCents -
  lines.fixedCents -
  lines.taxCents

/** Sums of rounded lines: a table of months adds up to its last row. */
export function bookedTotals(months: readonly BookedMonth[]): BookedMonth {
  const add = (of: (month: BookedMonth) => bigint) => months.reduce((sum, one) => sum + of(one), 0n)
  const host = (name: keyof HostLines) => add(({ books }) => books?.host[name] ?? 0n)
  const client = (name: keyof ClientLines) => add(({ books }) => books?.client[name] ?? 0n)
  const isHosted = months.some(({ books }) => books !== null)
  return {
    sats: add((month) => month.sats),
    revenueCents: add((month) => month.revenueCents),
    energyCents: add((month) => month.energyCents),
    demandCents: add((month) => month.demandCents),
    hostingCents: add((month) => month.hostingCents),
    fixedCents: add((month) => month.fixedCents),
    taxCents: add((month) => month.taxCents),
    cashCents: add((month) => month.cashCents),
    daysOff: months.reduce((sum, { daysOff }) => sum + daysOff, 0),
    books: isHosted
      ? {
          host: {
            revenueCents: host('revenueCents'),
            energyCents: host('energyCents'),
            demandCents: host('demandCents'),
            marginCents: host('marginCents'),
          },
          client: {
            grossCents: client('grossCents'),
            invoiceCents: client('invoiceCents'),
            netCents: client('netCents'),
          },
        }
      : null,
  }
}
