import { current } from '#core/current'
import type { Row } from '#core/table'
import type Miner from '../models/miner.js'

const MOST = 20

export type LogLine =
  | { at: Date; kind: 'state'; was: string | null; became: string }
  | { at: Date; kind: 'alarm'; alarm: string; facts: Row; clearedAt: Date | null }

/** What the miner went through by itself: when it came and went, and what was alarming; newest first. */
export async function minerLog(miner: Miner): Promise<LogLine[]> {
  const { client } = current.get()
  const states: Row[] = await client
    .from('fleet_connectivity_changes')
    .where(miner.key)
    .orderBy('at', 'desc')
    .limit(MOST)
    .select('at', 'was', 'became')
  const alarms: Row[] = await client
    .from('fleet_alarms')
    .where({ tenant_id: current.tenantId(), miner_id: miner.id })
    .orderBy('raised_at', 'desc')
    .limit(MOST)
    .select('raised_at', 'kind', 'facts', 'cleared_at')
  const lines: LogLine[] = [
    ...states.map(({ at, was, became }) => ({ at, kind: 'state' as const, was, became })),
    ...alarms.map(({ raised_at: at, kind: alarm, facts, cleared_at: clearedAt }) => ({
      ...{ at, alarm, clearedAt },
      kind: 'alarm' as const,
      facts: facts ?? {},
    })),
  ]
  return lines.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MOST)
}
