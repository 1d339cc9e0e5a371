import type { StoredRow } from './checker.js'
import type { OutageStory } from './outage_story.js'

export const BUCKET_MS = 300_000

/** What the edge says of itself. */
export interface EdgeWord {
  /** Readings that were put into the queue: those of the story with a number below. */
  given: number
  thinned: number
  dropped: number
}

/** What the portal has of the story, one mark for each reading. */
export class Seen {
  readonly #story: OutageStory
  readonly #given: number
  readonly marks: Uint8Array
  /** With the portal, and not so in the story. */
  unexpected = 0
  duplicated = 0
  count = 0

  constructor(story: OutageStory, given: number) {
    this.#story = story
    this.#given = given
    this.marks = new Uint8Array(given)
  }

  add(miner: number, row: StoredRow): void {
    const story = this.#story
    const no = story.noOf(miner, row.tick)
    const isRight =
      no < this.#given &&
      row.at === story.atOf(no) &&
      row.wattageW === story.wattsOf(no) &&
      row.hashrateThs === story.thsOf(no)
    if (!isRight) this.unexpected += 1
    else if (this.marks[no] === 1) this.duplicated += 1
    else {
      this.marks[no] = 1
      this.count += 1
    }
  }
}

const bucketOf = (at: number) => Math.floor(at / BUCKET_MS)

/** Whether a later reading of the same five minutes is there: then this one was thinned away. */
function hasHeir(story: OutageStory, marks: Uint8Array, no: number): boolean {
  const bucket = bucketOf(story.atOf(no))
  for (let next = no + story.miners; next < marks.length; next += story.miners) {
    if (bucketOf(story.atOf(next)) !== bucket) return false
    if (marks[next] === 1) return true
  }
  return false
}

/** Holds what is with the portal against what the edge says that it gave up. */
export function judgeMissing(story: OutageStory, { marks }: Seen, word: EdgeWord) {
  let [missing, withoutHeir, newest] = [0, 0, Number.NEGATIVE_INFINITY]
  const thinned = new Set<number>()
  for (let no = 0; no < word.given; no++) {
    if (marks[no] === 1) continue
    missing += 1
    if (!hasHeir(story, marks, no)) withoutHeir += 1
    newest = Math.max(newest, story.atOf(no))
    thinned.add(bucketOf(story.atOf(no)))
  }
  const oldest = Math.min(...thinned)
  return {
    missing,
    /** Missing and not counted by the edge; negative: counted and there all the same. */
    lost: missing - word.thinned - word.dropped,
    /** Missing, and nothing of the same miner and five minutes is there after it. */
    withoutHeir,
    /** Five minutes at the full rate between others that were thinned: not the oldest first. */
    outOfOrder: missing === 0 ? 0 : Math.max(...thinned) - oldest + 1 - thinned.size,
    newestMissingAt: missing === 0 ? null : newest,
  }
}

/** Readings of each five minutes, by the beginning of those. */
export function perBucket(story: OutageStory, { marks }: Seen): Map<number, number> {
  const counts = new Map<number, number>()
  for (const [no, mark] of marks.entries()) {
    if (mark !== 1) continue
    const bucket = bucketOf(story.atOf(no)) * BUCKET_MS
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  return counts
}
