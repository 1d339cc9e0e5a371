import { toNumber } from '../../protocol/ranges.js'
import type { FaultKind } from './faults.js'
import type { FaultRow } from './fleet_file.js'
import { modelNamed } from './models.js'

const isLoopback = (ip = '') => toNumber(ip) !== null && ip.startsWith('127.')

interface Need {
  isMet(row: FaultRow): boolean
  words: string
}

/** What a kind needs besides whom and when. */
const NEEDS: Partial<Record<FaultKind, Need>> = {
  ip_change: {
    isMet: ({ indexes, becomes }) => indexes !== undefined && isLoopback(becomes),
    words: 'it needs indexes, and the address on loopback that the first becomes',
  },
  duplicate_mac: {
    isMet: ({ becomes }) => isLoopback(becomes),
    words: 'becomes must be the address whose MAC it shows',
  },
  missing_fields: { isMet: ({ fields = [] }) => fields.length > 0, words: 'it needs fields' },
  firmware_upgrade: {
    isMet: ({ becomes, version }) => Boolean(becomes ?? version),
    words: 'it needs the version or the model that it becomes',
  },
}

function wrongWith(row: FaultRow, miners: number): string | null {
  const { kind, indexes, of } = row
  if (!indexes && of === undefined) return 'it needs indexes or of'
  const nobody = indexes?.find((index) => index >= miners)
  if (nobody !== undefined) return `there is no machine ${nobody}`
  const need = NEEDS[kind]
  return need && !need.isMet(row) ? need.words : null
}

/** Throws RangeError for the first that cannot befall a fleet of so many machines. */
export function checkRows(rows: readonly FaultRow[], miners: number): void {
  for (const [place, row] of rows.entries()) {
    const wrong = wrongWith(row, miners)
    if (wrong) throw new RangeError(`faults.${place} ${row.kind}: ${wrong}`)
    if (row.kind === 'firmware_upgrade' && row.becomes) modelNamed(row.becomes)
  }
}
