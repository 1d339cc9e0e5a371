/** Where a machine stands. */
export interface Place {
  key: string
  ip: string
}

export interface Diff<K extends Place, F extends Place> {
  new: F[]
  /** Known, at another address than before. */
  moved: { before: K; now: F }[]
  same: F[]
  /** Known, in the place that was looked at, and not there. */
  gone: K[]
  /** One identity at several addresses: all of them but the one that counts. */
  duplicates: F[]
}

/**
 * What a scan changes. Of several addresses with one identity the known one counts, else the first:
 * a copy must not take the place of the machine that was there.
 */
export function diff<K extends Place, F extends Place>(
  known: readonly K[],
  found: readonly F[],
  wasLookedAt: (ip: string) => boolean
): Diff<K, F> {
  const before = new Map(known.map((place) => [place.key, place]))
  const result: Diff<K, F> = { new: [], moved: [], same: [], gone: [], duplicates: [] }
  const homes = new Map<string, F[]>()
  for (const place of found) homes.set(place.key, [...(homes.get(place.key) ?? []), place])
  for (const [key, places] of homes) {
    const was = before.get(key)
    const counts = places.find(({ ip }) => ip === was?.ip) ?? places[0]!
    result.duplicates.push(...places.filter((place) => place !== counts))
    if (!was) result.new.push(counts)
    else if (was.ip === counts.ip) result.same.push(counts)
    else result.moved.push({ before: was, now: counts })
  }
  result.gone = known.filter(({ key, ip }) => !homes.has(key) && wasLookedAt(ip))
  return result
}
