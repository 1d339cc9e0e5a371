import { type DecimalMark, parseCellNumber } from '#core/cell_number'
import type { ListedMiner, RowFault } from '../domain/import_decide.js'
import { IMPORT_FIELDS, IMPORT_UNITS, type ImportField } from '../domain/import_fields.js'
import { properIp, properMac, properSerial, splitModel } from '../domain/import_identity.js'
import type { ImportPlaces } from './import_places.js'
import { type ListReading, shownText } from './import_reading.js'

/** A row as it is understood: bad when a cell cannot be, unknown when it names what there is not. */
export interface ReadRow {
  listed: ListedMiner
  /** What people recognise it by. */
  label: string
  bad: RowFault[]
  unknown: RowFault[]
}

type Texts = Partial<Record<ImportField, string>>

const LONGEST = {
  make: 80,
  model: 120,
  name: 80,
  worker: 120,
  rack: 40,
  hostname: 120,
  notes: 2000,
} as const satisfies Partial<Record<ImportField, number>>

const MOST = { shelf: 1000, position: 10_000, expectedThs: 1e6, expectedW: 1e7 } as const
const SHOWN = 60

/** What a spreadsheet writes where a formula failed. */
const FAILED = /^#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$/
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F]/
// eslint-disable-next-line no-control-regex
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000B-\u001F\u007F]/

/** Reads rows of one list. */
export class RowReader {
  constructor(
    private readonly reading: ListReading,
    private readonly places: ImportPlaces
  ) {}

  read(cells: readonly string[]): ReadRow {
    const texts = this.textsOf(cells)
    const row: ReadRow = { listed: { site_id: '' }, label: '', bad: [], unknown: [] }
    for (const field of IMPORT_FIELDS) {
      const text = texts[field]
      if (text === undefined) continue
      const fault = faultOf(field, text)
      if (fault) row.bad.push({ field, key: fault, args: { text: shownText(text, SHOWN) } })
    }
    this.identity(texts, row)
    words(texts, row.listed, this.reading.columns.make !== undefined)
    this.figures(texts, row)
    this.place(texts, row)
    row.label = shownText(texts.mac ?? texts.serial ?? texts.ip ?? texts.name ?? '', SHOWN)
    return row
  }

  /** Cells that say something. An empty one says nothing and changes nothing. */
  private textsOf(cells: readonly string[]): Texts {
    const texts: Texts = {}
    for (const field of IMPORT_FIELDS) {
      const column = this.reading.columns[field]?.column
      const text = column === undefined ? '' : (cells[column]?.trim() ?? '')
      if (text !== '') texts[field] = text
    }
    return texts
  }

  private identity({ mac, serial, ip }: Texts, row: ReadRow) {
    const { listed, bad } = row
    if (mac !== undefined) {
      const proper = properMac(mac)
      if (proper) listed.mac = proper
      else bad.push(unfit('mac', 'mac', mac))
    }
    if (serial !== undefined) serialInto(row, serial)
    if (ip !== undefined) {
      const proper = properIp(ip)
      if (proper) listed.ip = proper
      else bad.push(unfit('ip', 'ip', ip))
    }
    if (bad.length === 0 && isNobody(listed)) bad.push({ field: 'mac', key: 'nobody' })
  }

  private figures(texts: Texts, row: ReadRow) {
    const { listed } = row
    const whole = (field: 'shelf' | 'position') => {
      const value = this.number(field, texts, row)
      if (value === undefined) return
      if (Number.isInteger(value) && value >= 0 && value <= MOST[field]) listed[field] = value
      else row.bad.push(outOfRange(field, texts[field]!, MOST[field]))
    }
    whole('shelf')
    whole('position')
    const positive = (field: 'expectedThs' | 'expectedW') => {
      const value = this.number(field, texts, row)
      if (value === undefined) return undefined
      if (value > 0 && value <= MOST[field]) return value
      row.bad.push(outOfRange(field, texts[field]!, MOST[field]))
      return undefined
    }
    const ths = positive('expectedThs')
    const watts = positive('expectedW')
    if (ths !== undefined) listed.nameplate_hashrate_ths = ths
    if (watts !== undefined) listed.nameplate_power_w = watts
  }

  private number(field: ImportField, texts: Texts, { bad }: ReadRow): number | undefined {
    const text = texts[field]
    if (text === undefined) return undefined
    const value = parseCellNumber(text, this.reading.decimal as DecimalMark)
    if (value === null) {
      bad.push({ field, key: 'number', args: { text: shownText(text, SHOWN) } })
      return undefined
    }
    const unit = IMPORT_UNITS[field]?.find(({ code }) => code === this.reading.columns[field]?.unit)
    return unit ? value * unit.times : value
  }

  private place({ site, zone, customer }: Texts, { listed, bad, unknown }: ReadRow) {
    const siteId = site === undefined ? this.reading.siteId : this.places.site(site)
    if (site !== undefined && !siteId) unknown.push(stranger('site', site))
    else if (!siteId) bad.push({ field: 'site', key: 'no_site' })
    else listed.site_id = siteId
    if (zone !== undefined && siteId) {
      const id = this.places.zone(siteId, zone)
      if (id) listed.zone_id = id
      else unknown.push(stranger('zone', zone))
    }
    if (customer !== undefined) {
      const id = this.places.customer(customer)
      if (id) listed.customer_id = id
      else unknown.push(stranger('customer', customer))
    }
  }
}

const unfit = (field: ImportField, key: string, text: string): RowFault => ({
  field,
  key,
  args: { text: shownText(text, SHOWN) },
})

function serialInto({ listed, bad }: ReadRow, text: string) {
  const proper = properSerial(text)
  if ('fault' in proper) bad.push(unfit('serial', proper.fault, text))
  else if (proper.serial) listed.serial_number = proper.serial
}

const isNobody = ({ mac, serial_number: serial, ip }: ListedMiner) => !mac && !serial && !ip

const stranger = (field: ImportField, text: string): RowFault => ({
  field,
  key: `unknown_${field}`,
  args: { text: shownText(text, SHOWN) },
})

const outOfRange = (field: ImportField, text: string, most: number): RowFault => ({
  field,
  key: 'range',
  args: { text: shownText(text, SHOWN), most },
})

function faultOf(field: ImportField, text: string): string | null {
  if (FAILED.test(text)) return 'formula'
  const isUnfit = (field === 'notes' ? CONTROL_BUT_LINES : CONTROL).test(text)
  if (isUnfit || !text.isWellFormed()) return 'control'
  const longest = LONGEST[field as keyof typeof LONGEST]
  return longest !== undefined && text.length > longest ? 'long' : null
}

function words(texts: Texts, listed: ListedMiner, isMakeApart: boolean) {
  const { make, model, name, worker, rack, hostname, notes } = texts
  const parts = model !== undefined && !isMakeApart ? splitModel(model) : { make, model }
  const said = { ...parts, name, worker, rack, hostname, notes: notes?.replaceAll(/\r\n?/g, '\n') }
  for (const [field, text] of Object.entries(said)) {
    if (text !== undefined) Object.assign(listed, { [field]: text })
  }
}
