import type { JsonObject } from '../../wire/contract.js'
import type { Session } from '../contract.js'
import { realmOf } from '../../wire/challenge.js'
import { dig } from './dig.js'

/** Pages that Antminer's heirs have kept. */
export const CGI = {
  info: '/cgi-bin/get_system_info.cgi',
  summary: '/cgi-bin/summary.cgi',
  stats: '/cgi-bin/stats.cgi',
  pools: '/cgi-bin/pools.cgi',
  blink: '/cgi-bin/get_blink_status.cgi',
  config: '/cgi-bin/get_miner_conf.cgi',
} as const

/** A page as an object. */
export const askPage = async (session: Session, path: string): Promise<JsonObject | null> =>
  dig(await session.get(path))

/**
 * Whether the page is there behind a challenge with this realm: as much as one can know of such a
 * miner without its password.
 */
export const isBehindRealm = async (session: Session, realm: RegExp): Promise<boolean> => {
  const answer = await session.ask('challenge', () => session.wire.http({ path: CGI.info }))
  return (
    answer !== null &&
    answer.status === 401 &&
    realm.test(realmOf(answer.headers['www-authenticate']) ?? '')
  )
}
