import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import type { Row } from '#core/table'
import { minerRows } from './miners_table.js'
import { siteChoices, zoneChoices } from './page_choices.js'
import { cellOf, type Look } from './page_map_cells.js'
import { type DeviceCard, mapDevices } from './page_map_devices.js'
import type { Words } from './page_words.js'

/** More miners than this on one page help nobody: the racks of a larger zone are drawn in parts. */
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
  /** Which part of the racks, from 1. */
  part?: unknown
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

const NOTHING = {
  zones: [],
  zone: null,
  most: MOST_CELLS,
  racks: [],
  part: 1,
  parts: 0,
  devices: [],
  isCut: false,
  loose: { cells: [], total: 0 },
}

/** The miners of a site where they stand. */
export async function mapPage(asked: Asked, words: Words) {
  const sites = await siteChoices()
  const site = pick(sites, asked.site) ?? sites[0]
  if (!site) return { ...NOTHING, sites, site: null }
  const zones = await zoneChoices(site.value)
  const zone = asked.zone === 'none' ? null : (pick(zones, asked.zone) ?? zones[0] ?? null)
  const place = { siteId: site.value, zoneId: zone?.value ?? null }
  const parts = partsOf(await rackSizes(place), MOST_CELLS)
  const part = Math.max(1, Math.min(Math.trunc(Number(asked.part)) || 1, parts.length))
  const drawn = parts[part - 1] ?? []
  const all = await placedRows(
    place,
    drawn.map(({ rack }) => rack)
  )
  const racks = racksOf(all, { ...asked, words })
  const devices = await devicesAt(racks, place, { ...asked, words })
  return {
    sites,
    site,
    zones,
    zone,
    most: MOST_CELLS,
    racks,
    part,
    parts: parts.length,
    devices,
    // A single rack with more than fits.
    isCut: drawn.reduce((sum, { miners }) => sum + miners, 0) > MOST_CELLS,
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

const placedIn = ({ siteId, zoneId }: ZonePlace) => {
  const query = ours(siteId).whereNotNull('rack')
  return zoneId ? query.where('zone_id', zoneId) : query.whereNull('zone_id')
}

export interface RackSize {
  rack: string
  miners: number
}

async function rackSizes(place: ZonePlace): Promise<RackSize[]> {
  const rows = await placedIn(place).groupBy('rack').select('rack').count('* as miners')
  return rows
    .map(({ rack, miners }) => ({ rack, miners: Number(miners) }))
    .sort((a, b) => inOrder(a.rack, b.rack))
}

/** Racks that are drawn together: whole ones, as many as hold no more miners than `most`. */
export function partsOf(racks: readonly RackSize[], most: number): RackSize[][] {
  const parts: RackSize[][] = []
  let room = 0
  for (const rack of racks) {
    if (parts.length === 0 || rack.miners > room) {
      parts.push([])
      room = most
    }
    parts.at(-1)!.push(rack)
    room -= rack.miners
  }
  return parts
}

const placedRows = (place: ZonePlace, racks: readonly string[]): Promise<Row[]> =>
  cellRows(placedIn(place).whereRaw('rack = any(?::text[])', [textArray(racks)]), MOST_CELLS)

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
