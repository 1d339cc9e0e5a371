import { current } from '#core/current'
import type { Row } from '#core/table'
import { changesText } from './page_found.js'
import type { Words } from './page_words.js'

const NEAR = 5

/** Places of machines that are ours and that the newest scan of their range did not find. */
const goneFrom = (): Promise<Row[]> =>
  current
    .get()
    .client.from('fleet_found as f')
    .join('fleet_miners as m', (join) =>
      join.on('m.tenant_id', 'f.tenant_id').on('m.id', 'f.miner_id')
    )
    .leftJoin('zones as z', (join) => join.on('z.tenant_id', 'm.tenant_id').on('z.id', 'm.zone_id'))
    .where('f.tenant_id', current.tenantId())
    .where('f.state', 'gone')
    .groupBy('z.name', 'm.rack')
    .orderByRaw('count(*) desc')
    .limit(NEAR)
    .select({ zone: 'z.name', rack: 'm.rack' })
    .count('* as count') as unknown as Promise<Row[]>

/** Scans with the sentence of what each changed. */
export const scanLines = (scans: readonly Row[], words: Words) =>
  scans.map((scan): Row => ({ ...scan, text: changesText(scan.changes, words.t) }))

/** "3 gone from Hall A / B": machines that the newest scans did not find any more, by place. */
export async function goneLines(words: Words): Promise<string[]> {
  return (await goneFrom()).map(({ zone, rack, count }) =>
    words.t('fleet.scan.gone_from', {
      count: Number(count),
      place: [zone, rack].filter(Boolean).join(' / ') || words.t('fleet.scan.no_place'),
    })
  )
}
