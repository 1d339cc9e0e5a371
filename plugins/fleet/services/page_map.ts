import { plainArray } from '#core/bulk'
import { current } from '#core/current'
import type { Row } from '#core/table'
import { minerRows } from './miners_table.js'
import { siteChoices, zoneChoices } from './page_choices.js'
import { cellOf, type Look } from './page_map_cells.js'
import { type DeviceCard, mapDevices } from './page_map_devices.js'
import type { Words } from './page_words.js'

/** More miners than this on one page help nobody: then a zone must be chosen. */
const MOST_CELLS = 2000
const UNPLACED = 60

type Cell = ReturnType<typeof cellOf>

export interface Slot {
  shelf: number | null
  position: number
  /** The miner that stands there, or none. */
  cells: Cell[]
}

export interface Rack {
  name: string
  zoneId: string | null
  /** From top to bottom, each from left to right. */
  shelves: { shelf: number | null; slots: Slot[] }[]
  /** In the rack, but nobody knows where. */
  loose: Cell[]
  /** PDUs that feed it. */
  devices: DeviceCard[]
}

interface Asked {
  site?: unknown
  zone?: unknown
  arrange: boolean
  /** Whether the person may see devices. */
  withDevices: boolean
  look: Look
}

interface ZonePlace {
  siteId: string
  zoneId: string | null
}

const pick = <T extends { value: string }>(list: readonly T[], asked: unknown) =>
  list.find(({ value }) => value === asked)

/** The miners of a site where they stand. */
export async function mapPage(asked: Asked, words: Words) {
  const sites = await siteChoices()
  const site = pick(sites, asked.site) ?? sites[0]
  if (!site) return { sites, site: null, zones: [], zone: null, groups: [], loose: null }
  const zones = await zoneChoices(site.value)
  const zone = asked.zone === 'none' ? null : (pick(zones, asked.zone) ?? zones[0] ?? null)
  const place = { siteId: site.value, zoneId: zone?.value ?? null }
  const all = await placedRows(place)
  const racks = racksOf(all, { ...asked, words })
  const devices = await devicesAt(racks, place, { ...asked, words })
  return {
    sites,
    site,
    zones,
    zone,
    most: MOST_CELLS,
    racks,
    devices,
    isCut: all.length >= MOST_CELLS,
    loose: await unplaced(site.value, { ...asked, words }),
  }
}

/** Puts the PDUs of racks there; gives what stands above all of them. */
async function devicesAt(racks: Rack[], place: ZonePlace, { withDevices, words }: Showing) {
  if (!withDevices) return []
  const names = racks.map(({ name }) => name)
  const { above, byRack } = await mapDevices({ ...place, racks: names }, words)
  for (const rack of racks) rack.devices = byRack.get(rack.name) ?? []
  return above
}

/** What cells show: a site has thousands of them. */
const CELL = [
  ...['id', 'no', 'name', 'zone_id', 'rack', 'shelf', 'position', 'connectivity'],
  ...['hashrate_ths', 'pct', 'temp_max_c', 'wattage_w'],
]

const ours = (siteId: string) =>
  current
    .get()
    .client.from('fleet_miners')
    .where({ tenant_id: current.tenantId(), site_id: siteId })
    .whereIn('status', ['active', 'maintenance'])

/** These are chosen before anything is joined to them: a zone may have many times as many. */
async function cellRows(chosen: ReturnType<typeof ours>, most: number): Promise<Row[]> {
  const found = await chosen.orderBy('no').limit(most).select('no')
  if (found.length === 0) return []
  return minerRows(CELL)
    .whereRaw('f.no = any(?::integer[])', [plainArray(found.map(({ no }) => no))])
    .orderBy('f.no')
}

function placedRows({ siteId, zoneId }: ZonePlace): Promise<Row[]> {
  const query = ours(siteId).whereNotNull('rack')
  return cellRows(zoneId ? query.where('zone_id', zoneId) : query.whereNull('zone_id'), MOST_CELLS)
}

interface Showing extends Asked {
  words: Words
}

/** Miners that stand nowhere yet. */
async function unplaced(siteId: string, { look, words }: Showing) {
  const rows = await cellRows(ours(siteId).whereNull('rack'), UNPLACED)
  const [{ total }] = await ours(siteId).whereNull('rack').count('* as total')
  return { cells: rows.map((row) => cellOf(row, look, words)), total: Number(total) }
}

/** "B2" before "B10". */
const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

function racksOf(rows: readonly Row[], showing: Showing): Rack[] {
  const racks = Map.groupBy(rows, ({ rack }) => rack as string)
  return [...racks].sort(([a], [b]) => inOrder(a, b)).map(([name, of]) => rackOf(name, of, showing))
}

function rackOf(name: string, rows: readonly Row[], { look, words, arrange }: Showing): Rack {
  const placed = rows.filter(({ position }) => position !== null)
  const last = Math.max(0, ...placed.map(({ position }) => position as number))
  const first = Math.min(1, ...placed.map(({ position }) => position as number))
  // While somebody arranges, there is room for one more on each shelf.
  const width = Math.min(last + (arrange ? 1 : 0), first + 199)
  const shelves = [...Map.groupBy(placed, ({ shelf }) => shelf as number | null)]
    .sort(([a], [b]) => (b ?? -1) - (a ?? -1))
    .map(([shelf, of]) => ({
      shelf,
      slots: Array.from({ length: width - first + 1 }, (_, index) => {
        const position = first + index
        const here = of.filter((one) => one.position === position)
        return { shelf, position, cells: here.map((row) => cellOf(row, look, words)) }
      }),
    }))
  const loose = rows.filter(({ position }) => position === null)
  return {
    name,
    zoneId: rows[0]!.zone_id,
    shelves,
    devices: [],
    loose: loose.map((row) => cellOf(row, look, words)),
  }
}
