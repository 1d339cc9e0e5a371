import { current } from '#core/current'

export interface Choice {
  value: string
  label: string
}

/** What a person can choose from in forms and filters. */
export interface Choices {
  sites: Choice[]
  zones: (Choice & { siteId: string })[]
  customers: Choice[]
  collectors: Choice[]
  models: Choice[]
  firmwares: Choice[]
}

const MOST = 500

const rowsOf = (table: string) =>
  current.get().client.from(table).where(`${table}.tenant_id`, current.tenantId()).limit(MOST)

const named = async (table: string): Promise<Choice[]> => {
  const rows = await rowsOf(table).whereNull('archived_at').orderBy('name').select('id', 'name')
  return rows.map(({ id, name }) => ({ value: id, label: name }))
}

/** Living sites that the person sees. */
export const siteChoices = () => named('sites')
export const customerChoices = () => named('customers')

/** Living zones; their site is named where there are several. */
export async function zoneChoices(siteId?: string): Promise<Choices['zones']> {
  const query = rowsOf('zones')
    .join('sites', (join) =>
      join.on('sites.id', 'zones.site_id').on('sites.tenant_id', 'zones.tenant_id')
    )
    .whereNull('zones.archived_at')
    .orderBy(['sites.name', 'zones.name'])
    .select('zones.id', 'zones.name', 'zones.site_id')
    .select({ site: 'sites.name' })
  if (siteId) query.where('zones.site_id', siteId)
  const rows = await query
  const isOne = new Set(rows.map(({ site_id: id }) => id)).size < 2
  return rows.map(({ id, name, site, site_id: of }) => ({
    value: id,
    label: isOne ? name : `${site} / ${name}`,
    siteId: of,
  }))
}

async function collectorChoices(): Promise<Choice[]> {
  const rows = await rowsOf('fleet_collectors').orderBy('name').select('id', 'name')
  return rows.map(({ id, name }) => ({ value: id, label: name }))
}

/** Models and firmwares that the fleet has. */
async function kinds(): Promise<{ models: Choice[]; firmwares: Choice[] }> {
  const rows = await rowsOf('fleet_miners')
    .groupBy('model', 'firmware_family')
    .select('model', 'firmware_family')
  const list = (key: string) =>
    [...new Set(rows.flatMap((row) => (row[key] ? [String(row[key])] : [])))]
      .sort((a, b) => a.localeCompare(b))
      .map((value) => ({ value, label: value }))
  return { models: list('model'), firmwares: list('firmware_family') }
}

/** Everything that the list of miners can be filtered by. */
export async function choicesOf(isClient: boolean): Promise<Choices> {
  return {
    sites: await siteChoices(),
    zones: await zoneChoices(),
    customers: isClient ? [] : await customerChoices(),
    collectors: isClient ? [] : await collectorChoices(),
    ...(await kinds()),
  }
}
