import {
  type Outcome,
  type Problem,
  type Reading,
  SCHEMA_VERSION,
  type TelemetryRecord,
} from '../../protocol/record.js'
import { maxOf } from '../values/number.js'
import type { Wire } from '../wire/contract.js'
import { NO_CONNECTION } from '../wire/tcp.js'
import type { Driver } from './contract.js'
import { createSession } from './session.js'

/** Milliseconds since 1970. */
export type Clock = () => number

/** Below this share of what it should do, a miner's watts say nothing about its efficiency. */
const LEAST_SHARE = 0.01

/** Polls a miner once. What could not be read is in `problems`; it does not throw for a miner. */
export const readMiner = async (
  driver: Driver,
  wire: Wire,
  clock: Clock
): Promise<TelemetryRecord> => {
  const startedAt = clock()
  const session = createSession(wire)
  const reading = await driver.read(session)
  const problems = [...session.problems]
  return {
    ...reading,
    capabilities: driver.capabilities(reading, wire.credentials !== null),
    schema_version: SCHEMA_VERSION,
    observed_at: new Date(startedAt).toISOString(),
    poll_ms: Math.max(0, Math.round(clock() - startedAt)),
    outcome: outcomeOf(problems, session.answered),
    problems,
    ip: wire.ip,
    efficiency_jth: efficiencyOf(reading),
    temp_max_c: hottestOf(reading),
  }
}

/** What the poll came to. A question that the firmware does not know is no failure. */
export const outcomeOf = (problems: readonly Problem[], answered: number): Outcome => {
  const failures = problems.filter(({ kind }) => kind !== 'unsupported')
  if (answered > 0) return failures.length === 0 ? 'ok' : 'partial'
  if (failures.some(({ kind }) => kind === 'auth')) return 'auth_failed'
  const isSilent = ({ kind, detail }: Problem) =>
    kind === 'timeout' && detail.startsWith(NO_CONNECTION)
  return problems.every(isSilent) ? 'unreachable' : 'api_down'
}

/** J/TH; null where the hashrate is unknown or nearly nothing. */
export const efficiencyOf = (reading: Reading): number | null => {
  const { wattage_w: watts, hashrate_ths: ths, expected_hashrate_ths: expected } = reading
  if (watts === null || ths === null || ths <= 0) return null
  return expected !== null && ths < expected * LEAST_SHARE ? null : watts / ths
}

/** °C of the hottest chip; of the hottest board where no chip is known. */
export const hottestOf = ({ hashboards }: Reading): number | null => {
  const boards = hashboards ?? []
  return (
    maxOf(boards.flatMap((board) => [board.temp_chip_max_c, board.temp_chip_c])) ??
    maxOf(boards.map((board) => board.temp_board_c))
  )
}
