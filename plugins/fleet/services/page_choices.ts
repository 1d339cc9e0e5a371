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

/** Collectors that are not taken out, with their site. */
export async function workingCollectors(): Promise<Choice[]> {
  const rows = await rowsOf('fleet_collectors')
    .join('sites', (join) =>
      join
        .on('sites.id', 'fleet_collectors.site_id')
        .on('sites.tenant_id', 'fleet_collectors.tenant_id')
    )
    .whereNull('revoked_at')
    .orderBy(['sites.name', 'fleet_collectors.name'])
    .select('fleet_collectors.id', 'fleet_collectors.name')
    .select({ site: 'sites.name' })
  return rows.map(({ id, name, site }) => ({ value: id, label: `${site} / ${name}` }))
}

/** Different values in the order of an index, from one to the next: a fleet has few kinds of many. */
const valuesOf = (column: 'model' | 'firmware_family') => `
  with recursive v as (
    (select ${column} as value from fleet_miners
      where tenant_id = :tenant and ${column} is not null order by ${column} limit 1)
    union all
    select (select m.${column} from fleet_miners m
      where m.tenant_id = :tenant and m.${column} > v.value order by m.${column} limit 1)
    from v where v.value is not null
  )
  select value from v where value is not null limit ${MOST}`

async function kindsOf(column: 'model' | 'firmware_family'): Promise<Choice[]> {
  const { client } = current.get()
  const { rows } = await client.rawQuery(valuesOf(column), { tenant: current.tenantId() })
  return (rows as { value: string }[])
    .sort((a, b) => a.value.localeCompare(b.value))
    .map(({ value }) => ({ value, label: value }))
}

/** Everything that the list of miners can be filtered by. */
export async function choicesOf(isClient: boolean): Promise<Choices> {
  return {
    sites: await siteChoices(),
    zones: await zoneChoices(),
    customers: isClient ? [] : await customerChoices(),
    collectors: isClient ? [] : await collectorChoices(),
    models: await kindsOf('model'),
    firmwares: await kindsOf('firmware_family'),
  }
}
