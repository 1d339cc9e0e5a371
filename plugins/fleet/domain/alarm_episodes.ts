/** An alarm of a device from when it began; times in milliseconds since 1970. */
export interface Episode {
  code: string
  beganAt: number
  /** Since when it is no longer said; null: it still is. */
  quietAt: number | null
  /** When it was said for the last time and then not for a while; null: it goes on. */
  endedAt: number | null
}

/** What a device said at a moment; null: it was not heard, or has no alarms. */
export interface Heard {
  at: number
  alarms: readonly string[] | null
  /** Every alarm was heard; else one that is not said may be on all the same. */
  isWhole: boolean
}

/** One that comes and goes within this time is one alarm: a valve that flutters is no storm. */
export const HOLD_MS = 300_000

/**
 * Alarms as readings in the order of time carry them on: those that were open, and those that began,
 * each with its end when that is known. What was not heard changes nothing.
 */
export function followAlarms(open: readonly Episode[], readings: readonly Heard[]): Episode[] {
  const ended: Episode[] = []
  const going = new Map(open.map((one) => [one.code, { ...one }]))
  for (const { at, alarms, isWhole } of readings) {
    if (alarms === null) continue
    const said = new Set(alarms)
    for (const code of said) {
      const one = going.get(code)
      if (one) one.quietAt = null
      else going.set(code, { code, beganAt: at, quietAt: null, endedAt: null })
    }
    if (!isWhole) continue
    for (const one of going.values()) {
      if (said.has(one.code)) continue
      one.quietAt ??= at
      if (at - one.quietAt < HOLD_MS) continue
      ended.push({ ...one, endedAt: one.quietAt })
      going.delete(one.code)
    }
  }
  return [...ended, ...going.values()]
}
