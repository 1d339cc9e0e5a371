import { Readable } from 'node:stream'
import app from '@adonisjs/core/services/app'
import type { Who } from '#core/current'
import type { LiveNews } from '#core/live'
import { inBackground } from '#services/background'
import { hear } from '#services/live_channel'
import { aliveSessions } from '#services/session_store'

/** A page that looks: what it may hear of, and where. */
export interface Looker {
  tenantId: string
  userId: string
  siteIds: Who['siteIds']
  topics: readonly string[]
  /** The session that opened it; the stream ends with it. */
  sessionId: string
}

interface Stream {
  looker: Looker
  out: Readable
  openedAt: number
}

/** Beside every visible page; more are tabs that somebody forgot. */
const MOST_OF_ONE = 8
const MOST_AT_ALL = 2000
const BEAT_MS = 20_000
/** Then the page is told to open another, and is asked again who it is and what it may see. */
const LONGEST_MS = 300_000
/** For the page to hear by the next stream before this one ends: nothing is missed in between. */
const HANDOVER_MS = 2 * BEAT_MS
/** A reader that is so far behind is gone or too slow; it comes again and asks for everything. */
const MOST_BEHIND_BYTES = 8192

const streams = new Set<Stream>()
let ending: (() => Promise<void>) | null = null
let beating: NodeJS.Timeout | undefined

/** Null: there are too many already. The oldest of the same person goes first. */
export function openStream(looker: Looker): Readable | null {
  if (streams.size >= MOST_AT_ALL) return null
  const own = [...streams].filter((one) => one.looker.userId === looker.userId)
  for (const old of own.slice(0, Math.max(0, own.length - MOST_OF_ONE + 1))) close(old)
  listen()
  const out = new Readable({ read: () => {} })
  const stream: Stream = { looker, out, openedAt: Date.now() }
  out.on('close', () => streams.delete(stream))
  streams.add(stream)
  // Whoever comes again waits a little: a portal that was started anew has enough to do.
  out.push('retry: 3000\nevent: ready\ndata:\n\n')
  return out
}

function listen() {
  if (ending) return
  ending = hear(spread, () => {
    for (const stream of streams) write(stream, 'gap')
  })
  // While the database is away a beat fails, and is logged; the next one comes.
  beating = setInterval(() => inBackground('beat of live streams', beat), BEAT_MS)
  beating.unref()
  app.terminating(closeAll)
}

const close = (stream: Stream) => {
  streams.delete(stream)
  stream.out.push(null)
}

/** Ends every stream and the connection to the database. */
export async function closeAll() {
  clearInterval(beating)
  for (const stream of streams) close(stream)
  const end = ending
  ending = null
  await end?.()
}

function write(stream: Stream, event: string) {
  if (stream.out.readableLength > MOST_BEHIND_BYTES) return stream.out.destroy()
  stream.out.push(`event: ${event}\ndata:\n\n`)
}

function spread({ topic, tenantId, siteId }: LiveNews) {
  for (const stream of streams) {
    const { looker } = stream
    const isTheirs = looker.tenantId === tenantId && looker.topics.includes(topic)
    const isSeen = siteId === null || looker.siteIds === '*' || looker.siteIds.includes(siteId)
    if (isTheirs && isSeen) write(stream, topic)
  }
}

/** Keeps proxies from hanging up, and ends what should not go on; comes by itself again and again. */
export async function beat(now = Date.now()) {
  const alive = await aliveSessions([...streams].map(({ looker }) => looker.sessionId))
  for (const stream of streams) {
    const ageMs = now - stream.openedAt
    const isOver = ageMs > LONGEST_MS + HANDOVER_MS || !alive.has(stream.looker.sessionId)
    if (isOver) close(stream)
    else if (ageMs > LONGEST_MS) write(stream, 'renew')
    else if (stream.out.readableLength > MOST_BEHIND_BYTES) stream.out.destroy()
    else stream.out.push(':\n\n')
  }
}
