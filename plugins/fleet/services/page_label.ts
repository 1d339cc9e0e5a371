import config from '@adonisjs/core/services/config'
import { toDataURL } from 'qrcode'
import { current } from '#core/current'
import type Miner from '../models/miner.js'

/** Where people reach this portal. */
export const portalUrl = () => new URL(config.get<string>('app.appUrl')).origin

async function named(table: string, id: string | null) {
  if (!id) return null
  const row = await current
    .get()
    .client.from(table)
    .where({ tenant_id: current.tenantId(), id })
    .select('name')
    .first()
  return (row?.name as string | undefined) ?? null
}

/** What stands on the label of a miner: what a person needs beside it, and a code for their phone. */
export async function labelOf(miner: Miner) {
  const url = `${portalUrl()}/fleet/miners/${miner.id}`
  const place = [await named('sites', miner.siteId), await named('zones', miner.zoneId)]
  return {
    url,
    picture: await toDataURL(url, { errorCorrectionLevel: 'M', margin: 2, width: 240 }),
    model: [miner.make, miner.model].filter(Boolean).join(' ') || null,
    place: [...place, miner.rack, miner.shelf, miner.position].filter((part) => part !== null),
  }
}
