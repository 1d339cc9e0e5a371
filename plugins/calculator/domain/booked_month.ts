import { centsFromUsd, wholeSats } from '#core/money'
import type { ProjectionInput } from './projection_input.js'
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
  /** null: what the energy costs the host is unknown. */
  host: HostLines | null
  client: ClientLines
}

export interface BookedMonth extends BookedLines {
  books: HostingBooks | null
}

/** Rounds each line of a month once, half away from zero. */
export function bookedMonth(
  month: MonthSums,
  taxUsd: number,
  { hosting, tariff }: Pick<ProjectionInput, 'hosting' | 'tariff'>
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
  const books: HostingBooks = {
    host: tariff ? { revenueCents: invoiceCents, energyCents, demandCents, marginCents } : null,
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
    books: totalBooks(months.flatMap(({ books }) => books ?? [])),
  }
}

function totalBooks(all: readonly HostingBooks[]): HostingBooks | null {
  if (all.length === 0) return null
  const hosts = all.flatMap(({ host }) => host ?? [])
  return {
    host: hosts.length > 0 ? addUp(hosts) : null,
    client: addUp(all.map(({ client }) => client)),
  }
}

/** Adds records of cents name by name; there is at least one. */
function addUp<T extends HostLines | ClientLines>(lines: readonly T[]): T {
  const names = Object.keys(lines[0]!) as (keyof T)[]
  const total = (name: keyof T) => lines.reduce((sum, line) => sum + (line[name] as bigint), 0n)
  return Object.fromEntries(names.map((name) => [name, total(name)])) as unknown as T
}
