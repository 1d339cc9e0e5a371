import { randomUUID } from 'node:crypto'
import { type DiscoveryReport, type FoundMiner, LIMITS } from '../../protocol/messages.js'

/** A scan that is over. */
export interface Scanned {
  rangeId: string | null
  startedAt: number
  finishedAt: number
  addresses: number
  found: readonly FoundMiner[]
  /** False: it was broken off, so what is not in it is not gone. */
  isWhole: boolean
}

/** The reports of a scan. Only the last one of a whole scan ends it for the portal. */
export function reportsOf({ found, isWhole, ...scanned }: Scanned): DiscoveryReport[] {
  const scanId = randomUUID()
  const size = LIMITS.foundPerReport
  const count = Math.max(1, Math.ceil(found.length / size))
  return Array.from({ length: count }, (_, index) => ({
    scanId,
    ...scanned,
    isPartial: !isWhole || index < count - 1,
    found: found.slice(index * size, (index + 1) * size),
  }))
}
