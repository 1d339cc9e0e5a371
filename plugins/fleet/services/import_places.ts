import { current } from '#core/current'

interface Named {
  id: string
  code: string
  name: string
}

const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/** Code → id and, where it is the only one of that name, name → id. The code counts first. */
function idsBy(rows: readonly Named[]): (text: string) => string | null {
  const codes = new Map(rows.map(({ code, id }) => [folded(code), id]))
  const names = new Map<string, string | null>()
  for (const { name, id } of rows) names.set(folded(name), names.has(folded(name)) ? null : id)
  return (text) => codes.get(folded(text)) ?? names.get(folded(text)) ?? null
}

const living = (table: string, ...more: string[]) =>
  current
    .get()
    .client.from(table)
    .where('tenant_id', current.tenantId())
    .whereNull('archived_at')
    .select('id', 'code', 'name', ...more)

/** Sites, zones and customers by what people write for them: those that the person sees. */
export interface ImportPlaces {
  site(text: string): string | null
  zone(siteId: string, text: string): string | null
  customer(text: string): string | null
  /** The name of one of them, for people. */
  nameOf(id: string): string | null
}

export async function importPlaces(): Promise<ImportPlaces> {
  const [sites, zones, customers] = [
    await living('sites'),
    await living('zones', 'site_id'),
    await living('customers'),
  ]
  const bySite = new Map<string, (text: string) => string | null>()
  for (const [siteId, own] of Map.groupBy(zones, ({ site_id: id }) => id as string)) {
    bySite.set(siteId, idsBy(own))
  }
  const names = new Map([...sites, ...zones, ...customers].map(({ id, name }) => [id, name]))
  return {
    site: idsBy(sites),
    zone: (siteId, text) => bySite.get(siteId)?.(text) ?? null,
    customer: idsBy(customers),
    nameOf: (id) => names.get(id) ?? null,
  }
}
