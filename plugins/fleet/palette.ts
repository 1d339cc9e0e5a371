import { current } from '#core/current'
import type { PaletteProvider } from '#core/palette'
import type { Row } from '#core/table'
import { escapeLike } from '#core/table_query'
import plugin from './plugin.js'

const MOST = 5

/** Miners by number, name, address, serial number. */
const findMiners: PaletteProvider = async (letters) => {
  if (!plugin.allows('miner.view')) return []
  const pattern = `%${escapeLike(letters.replace('#', ''))}%`
  const rows: Row[] = await current
    .get()
    .client.from('fleet_miners')
    .where('tenant_id', current.tenantId())
    .whereIn('status', ['active', 'maintenance'])
    .whereRaw(
      `(no::text ilike ? or concat_ws(' ', name, ip, mac, serial_number, hostname) ilike ?)`,
      [pattern.slice(1), pattern]
    )
    .orderBy('no')
    .limit(MOST)
    .select('id', 'no', 'name', 'ip', 'model')
  return rows.map(({ id, no, name, ip, model }) => ({
    label: name ?? `#${no}`,
    hint: [model, ip].filter(Boolean).join(' · '),
    url: `/fleet/miners/${id}`,
    icon: 'hdd',
  }))
}

export default findMiners
