export type DeviationLevel = 'agree' | 'amber' | 'red'

const AMBER_PCT = 5
const RED_PCT = 15

/**
 * How far two independent estimates of the same production lie apart: `amber` from 5 %, `red` from
 * 15 %, in either direction. null when there is only one estimate.
 */
export function deviationLevel(deviationPct: number | null): DeviationLevel | null {
  if (deviationPct === null) return null
  const distance = Math.abs(deviationPct)
  if (distance >= RED_PCT) return 'red'
  return distance >= AMBER_PCT ? 'amber' : 'agree'
}
