import type { MinerState } from '../../protocol/record.js'
import type { SafetyAction, SafetyPolicy } from '../../protocol/safety.js'

/** What a reading says that safety goes by. Milliseconds since 1970. */
export interface Seen {
  at: number
  tempC: number | null
  state: MinerState
}

/**
 * `pausing` and `resuming`: it was told, reading again must show it. Only what this collector sent
 * to sleep is `asleep`, and only that is ever woken.
 */
export interface Memory {
  phase: 'awake' | 'pausing' | 'asleep' | 'resuming'
  since: number
  /** Readings above the threshold, one after the other. */
  hot: number
  seenAt: number
  /** When something was tried, within the last hour. */
  tries: number[]
  failures: number
  quietUntil: number
}

export const NOTHING: Memory = {
  phase: 'awake',
  since: 0,
  hot: 0,
  seenAt: 0,
  tries: [],
  failures: 0,
  quietUntil: 0,
}

export const HOUR_MS = 3_600_000
/** A control board takes minutes to stop or to start mining. */
export const VERIFY_MS = 300_000
const FIRST_BACKOFF_MS = 120_000
const RUNNING: readonly MinerState[] = ['mining', 'tuning', 'starting']

/** What became of an action, as a reading shows it. */
export interface Verified {
  action: SafetyAction
  outcome: 'done' | 'not_done'
}

/** Takes a reading in. `staleMs`: a reading that comes later than this begins anew. */
export function observe(
  before: Memory,
  seen: Seen,
  { sleepAboveC }: SafetyPolicy,
  staleMs: number
): { memory: Memory; verified: Verified | null } {
  const gapMs = seen.at - before.seenAt
  const isInRow = gapMs >= 0 && gapMs <= staleMs
  const isHot = seen.tempC !== null && seen.tempC > sleepAboveC
  const hot = isHot ? (isInRow ? before.hot : 0) + 1 : 0
  return verify({ ...before, hot, seenAt: seen.at }, seen)
}

type Observed = { memory: Memory; verified: Verified | null }

function verify(memory: Memory, seen: Seen): Observed {
  const { phase } = memory
  if (phase === 'pausing') return verifyTold(memory, 'pause', seen)
  if (phase === 'resuming') return verifyTold(memory, 'resume', seen)
  // Asleep by our doing, but running: somebody else woke it.
  const isWoken = phase === 'asleep' && RUNNING.includes(seen.state)
  const now = isWoken ? { ...memory, phase: 'awake' as const, since: seen.at } : memory
  return { memory: now, verified: null }
}

/** A state that says neither is waited out. */
function verifyTold(memory: Memory, action: SafetyAction, { at, state }: Seen): Observed {
  const isRunning = RUNNING.includes(state)
  const isPaused = state === 'paused'
  const isPause = action === 'pause'
  if (isPause ? isPaused : isRunning) return done(memory, action, at)
  const isOpposite = isPause ? isRunning : isPaused
  const isLate = at - memory.since > VERIFY_MS
  return isLate && isOpposite ? notDone(memory, action, at) : { memory, verified: null }
}

const done = (memory: Memory, action: SafetyAction, at: number): Observed => ({
  memory: { ...memory, ...WELL, phase: action === 'pause' ? 'asleep' : 'awake', since: at },
  verified: { action, outcome: 'done' },
})

const notDone = (memory: Memory, action: SafetyAction, at: number): Observed => ({
  memory: failed({ ...memory, phase: action === 'pause' ? 'awake' : 'asleep', since: at }, at),
  verified: { action, outcome: 'not_done' },
})

const WELL = { failures: 0, quietUntil: 0 }

/** How many miners it knows, and how many of those are not awake by its doing. */
export interface Room {
  known: number
  resting: number
}

/** What is to be done with a miner now; null: nothing, which is the answer in every doubt. */
export function decide(
  memory: Memory,
  { now, staleMs, seen, policy, room }: Moment
): SafetyAction | null {
  const ageMs = now - seen.at
  if (ageMs < 0 || ageMs > staleMs || now < memory.quietUntil) return null
  if (recent(memory.tries, now).length >= policy.mostPerHour) return null
  if (isTooHot(memory, seen, policy))
    return room.resting < mostResting(room, policy) ? 'pause' : null
  return isCool(memory, seen, policy, now) ? 'resume' : null
}

export interface Moment {
  now: number
  staleMs: number
  seen: Seen
  policy: SafetyPolicy
  room: Room
}

/** At least one: a site of five miners has no tenth part. */
export const mostResting = ({ known }: Room, { mostSharePct }: SafetyPolicy) =>
  Math.max(1, Math.floor((known * mostSharePct) / 100))

const isTooHot = ({ phase, hot }: Memory, { state }: Seen, { samplesInRow }: SafetyPolicy) =>
  phase === 'awake' && hot >= samplesInRow && RUNNING.includes(state)

const isCool = (
  { phase, since }: Memory,
  { tempC, state }: Seen,
  { wakeBelowC, wakeAfterMinutes }: SafetyPolicy,
  now: number
) =>
  phase === 'asleep' &&
  state === 'paused' &&
  wakeBelowC !== null &&
  tempC !== null &&
  tempC <= wakeBelowC &&
  now - since >= wakeAfterMinutes * 60_000

/** It is about to be told: kept before it is told, as its answer may never come. */
export const telling = (memory: Memory, action: SafetyAction, now: number): Memory => ({
  ...memory,
  phase: action === 'pause' ? 'pausing' : 'resuming',
  since: now,
  hot: 0,
  tries: [...recent(memory.tries, now), now],
})

/** It said no: back to what it was, and longer quiet each time. */
export const refused = (memory: Memory, now: number): Memory =>
  failed({ ...memory, phase: memory.phase === 'pausing' ? 'awake' : 'asleep', since: now }, now)

const failed = (memory: Memory, now: number): Memory => ({
  ...memory,
  failures: memory.failures + 1,
  quietUntil: now + Math.min(HOUR_MS, FIRST_BACKOFF_MS * 2 ** Math.min(memory.failures, 10)),
})

const recent = (tries: readonly number[], now: number) =>
  tries.filter((at) => Math.abs(now - at) < HOUR_MS)
