import logger from '@adonisjs/core/services/logger'
import pg from 'pg'
import { dispatchOutbox, dueCount } from '#services/outbox'
import env from '#start/env'

const POLL_MS = 5_000
const FIRST_RETRY_MS = 50

export interface Dispatcher {
  stop(): Promise<void>
}

/**
 * Delivers events as soon as their transaction notifies, and looks every five seconds in any case.
 * `stop()` ends after the batch that is under way.
 */
export function startDispatcher(): Dispatcher {
  let isStopped = false
  let isAsked = false
  let retryMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | null = null

  const later = (ms: number) => {
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(wakeUp, ms)
  }

  const oneRound = async () => {
    isAsked = false
    try {
      const { delivered } = await dispatchOutbox()
      // Due rows that an older open transaction holds back: look again soon, then less and less.
      const isHeldBack = (await dueCount()) > 0
      retryMs = isHeldBack && delivered === 0 ? Math.min(retryMs * 2, POLL_MS) : FIRST_RETRY_MS
      later(isHeldBack ? retryMs : POLL_MS)
    } catch (error) {
      logger.error({ err: error }, 'the outbox could not be read')
      later(POLL_MS)
    }
  }

  function wakeUp() {
    isAsked = true
    round ??= (async () => {
      while (isAsked && !isStopped) await oneRound()
      round = null
    })()
  }

  const ear = listenTo('hi_outbox', wakeUp)
  wakeUp()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await ear.close()
      await round
    },
  }
}

/** A connection of its own that hears notifications; a lost one is opened again. */
function listenTo(channel: string, onNotice: () => void) {
  let client: pg.Client | null = null
  let again: NodeJS.Timeout | undefined
  let isClosed = false

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: env.get('LOGIN_DATABASE_URL'),
      keepAlive: true,
    })
    const lost = (error?: Error) => {
      if (client !== fresh || isClosed) return
      client = null
      logger.warn({ err: error }, 'the outbox stopped hearing; it polls until it hears again')
      again = setTimeout(connect, 1_000)
    }
    client = fresh
    fresh.on('error', lost).on('end', () => lost())
    fresh.on('notification', onNotice)
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
      onNotice()
    } catch (error) {
      lost(error as Error)
    }
  }

  const connecting = connect()
  return {
    async close() {
      isClosed = true
      clearTimeout(again)
      await connecting
      await client?.end().catch((error) => logger.warn({ err: error }, 'the ear did not close'))
    },
  }
}
