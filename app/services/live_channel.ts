import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import pg from 'pg'
import type { LiveNews } from '#core/live'
import env from '#start/env'

const CHANNEL = 'hi_live'
/** What happens within this time is told once. */
const GATHER_MS = 400
const LONGEST_WAIT_MS = 30_000

const waiting = new Map<string, LiveNews>()
let timer: NodeJS.Timeout | undefined

const textOf = ({ topic, tenantId, siteId }: LiveNews) => `${topic} ${tenantId} ${siteId ?? '*'}`

/** Tells all processes of the portal, this one as well. */
export function tell(news: LiveNews) {
  waiting.set(textOf(news), news)
  timer ??= setTimeout(send, GATHER_MS)
}

async function send() {
  timer = undefined
  const texts = [...waiting.keys()]
  waiting.clear()
  try {
    await db
      .connection('app')
      .rawQuery('select pg_notify(?, told) from unnest(?::text[]) as told', [CHANNEL, texts])
  } catch (error) {
    // Pages ask by themselves after a while; what is lost here is a second, not data.
    logger.warn({ err: error }, 'live news were not told')
  }
}

/**
 * Hears what any process tells, over one connection of its own that is made again when it breaks.
 * `onGap` says that something may have been missed. Gives what ends it.
 */
export function hear(onNews: (news: LiveNews) => void, onGap: () => void) {
  let client: pg.Client | null = null
  let isEnded = false
  let waitMs = 500
  let again: NodeJS.Timeout | undefined

  const later = () => {
    client = null
    if (isEnded) return
    onGap()
    again = setTimeout(connect, waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
  const connect = async () => {
    const mine = new pg.Client({ connectionString: env.get('DATABASE_URL'), keepAlive: true })
    client = mine
    mine.on('error', (error) => logger.warn({ err: error }, 'the live connection broke'))
    mine.on('end', later)
    mine.on('notification', ({ payload = '' }) => {
      const [topic = '', tenantId = '', siteId = '*'] = payload.split(' ')
      onNews({ topic, tenantId, siteId: siteId === '*' ? null : siteId })
    })
    try {
      await mine.connect()
      await mine.query(`listen ${CHANNEL}`)
      waitMs = 500
      onGap()
    } catch (error) {
      logger.warn({ err: error }, 'no live connection to the database')
      // An ended client says so by itself; one that never was connected does not.
      if (client === mine) await mine.end().catch(() => later())
    }
  }
  void connect()
  return async () => {
    isEnded = true
    clearTimeout(again)
    await client?.end()
  }
}
