/** Whether a miner can be reached, and if so what it says of itself. */
export const CONNECTIVITY = [
  'online',
  'starting',
  'tuning',
  'paused',
  'stale',
  'offline',
  'collector_down',
  'maintenance',
] as const
export type Connectivity = (typeof CONNECTIVITY)[number]

/** The collector says every 20 s that it lives; after four times that it counts as down. */
export const COLLECTOR_DOWN_MS = 80_000
export const OFFLINE_MS = 300_000

export interface Reachability {
  /** Milliseconds since 1970, as all moments here. */
  now: number
  /** When the miner last answered; null: never. */
  answeredAt: number | null
  /** What it said then. */
  state: string
  /** Between two polls. */
  intervalMs: number
  /** When its collector last said that it lives. */
  collectorSeenAt: number | null
  isMaintenance: boolean
}

const SAID = new Set<string>(['starting', 'tuning', 'paused'])

/**
 * The one answer to "is it online?". While a miner answers, what it says of itself counts; when it
 * is silent and its collector is silent too, nobody knows, and that is what is said.
 */
export function connectivityOf(given: Reachability): Connectivity {
  const { now, answeredAt, state, intervalMs, collectorSeenAt, isMaintenance } = given
  if (isMaintenance) return 'maintenance'
  const silentMs = answeredAt === null ? Infinity : now - answeredAt
  if (silentMs <= 2 * intervalMs) return SAID.has(state) ? (state as Connectivity) : 'online'
  if (isCollectorDown(collectorSeenAt, now)) return 'collector_down'
  return silentMs <= Math.max(OFFLINE_MS, 2 * intervalMs) ? 'stale' : 'offline'
}

/** Whether a collector has been silent for too long. */
export const isCollectorDown = (seenAt: number | null, now: number) =>
  seenAt === null || now - seenAt > COLLECTOR_DOWN_MS
