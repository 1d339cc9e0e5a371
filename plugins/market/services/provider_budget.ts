import { asInstallation } from '#core/installation'
import type { Provider } from '../providers/adapter.js'

const SECONDS = 60

/**
 * Takes one token of the provider's bucket, which all processes share; false when it is empty. One
 * statement: two processes never take the same token.
 */
export async function takeToken({ name, perMinute, burst }: Provider, now: Date): Promise<boolean> {
  const { rows } = await asInstallation((trx) =>
    trx.rawQuery(
      `update market_providers set
         tokens = least(:burst, tokens + greatest(0, extract(epoch from :now::timestamptz - tokens_at)) * :rate) - 1,
         tokens_at = :now
       where provider = :name and
         least(:burst, tokens + greatest(0, extract(epoch from :now::timestamptz - tokens_at)) * :rate) >= 1
       returning provider`,
      { name, burst, rate: perMinute / SECONDS, now: now.toISOString() }
    )
  )
  return rows.length === 1
}

/** Asks a host nothing more until then: it said that it was asked too often. */
export const pauseProvider = ({ name }: Provider, until: Date) =>
  asInstallation((trx) =>
    trx.from('market_providers').where('provider', name).update({ blocked_until: until })
  )
