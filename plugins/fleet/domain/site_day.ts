const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/

/** Minutes by which the clocks of a zone are ahead of UTC at a moment. */
function offsetMinutes(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second')
  )
  return Math.round((local - at) / MINUTE_MS)
}

/** The first moment of a day by the clocks of a zone; milliseconds since 1970. */
export function dayStart(day: string, zone: string): number {
  const [, year, month, date] = DAY.exec(day)!.map(Number) as [number, number, number, number]
  const midnight = Date.UTC(year, month - 1, date)
  // The offset at the moment that one is looking for: asked twice, since clocks may change near it.
  const guess = midnight - offsetMinutes(zone, midnight) * MINUTE_MS
  return midnight - offsetMinutes(zone, guess) * MINUTE_MS
}

/** The day after, whatever the clocks do. */
const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)

/**
 * The beginnings of a day's intervals of so many minutes by the clocks of the site: a day on which
 * they change has fewer or more of them. Milliseconds since 1970.
 */
export function intervalsOfDay(day: string, zone: string, minutes: number): number[] {
  const [from, to] = [dayStart(day, zone), dayStart(nextDay(day), zone)]
  const count = Math.round((to - from) / (minutes * MINUTE_MS))
  return Array.from({ length: count }, (_, index) => from + index * minutes * MINUTE_MS)
}
