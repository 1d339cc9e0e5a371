/** What a row of a list may say about a miner, in the order in which lists are written. */
export const IMPORT_FIELDS = [
  'site',
  'zone',
  'rack',
  'shelf',
  'position',
  'mac',
  'serial',
  'ip',
  'make',
  'model',
  'name',
  'worker',
  'customer',
  'expectedThs',
  'expectedW',
  'hostname',
  'notes',
] as const

export type ImportField = (typeof IMPORT_FIELDS)[number]

/** Where a field stands in the file, and in which unit. */
export interface MappedColumn {
  column: number
  unit?: string
}

export type ImportColumns = Partial<Record<ImportField, MappedColumn>>

/** Units of a column; the first is ours. The figure times `times` is in ours. */
export const IMPORT_UNITS: Partial<
  Record<ImportField, readonly { code: string; times: number; pattern: RegExp }[]>
> = {
  expectedThs: [
    { code: 'TH/s', times: 1, pattern: /\bth/i },
    { code: 'GH/s', times: 1e-3, pattern: /\bgh/i },
    { code: 'PH/s', times: 1e3, pattern: /\bph/i },
  ],
  expectedW: [
    { code: 'W', times: 1, pattern: /\bw/i },
    { code: 'kW', times: 1e3, pattern: /\bkw/i },
  ],
}

/**
 * Heads that people and other programs write, as `plain` leaves them. Foreman's are those of
 * `on-boarding.csv`: https://github.com/delawr0190/foreman-bulk-configure (README and
 * conf/on-boarding.csv). There a row and an index, counted from 0, say where in a rack it stands.
 */
const SYNONYMS: Record<ImportField, readonly string[]> = {
  site: ['site', 'sitecode', 'sitename', 'farm', 'facility', '站点', '矿场', '场地', '站点代码'],
  zone: [
    ...['zone', 'zonecode', 'hall', 'container', 'building', 'area', 'section'],
    ...['区域', '分区', '机房', '集装箱', '厂房'],
  ],
  rack: ['rack', 'rackname', 'shelfunit', '机架', '货架', '架号'],
  shelf: ['row', 'rackrow', 'shelf', 'level', 'tier', '层', '行', '排', '层号'],
  position: ['position', 'index', 'slot', 'pos', 'place', 'column', '位置', '位', '序号', '机位'],
  mac: ['mac', 'macaddress', 'minermac', 'ethernet', 'mac地址', '物理地址'],
  serial: [
    ...['serial', 'serialnumber', 'serialno', 'sn', 'minerserial', 'assetserial'],
    ...['序列号', '机器序列号', 'sn码'],
  ],
  ip: ['ip', 'ipaddress', 'ipv4', 'staticip', 'minerip', 'address', 'ip地址', '矿机ip'],
  make: ['make', 'manufacturer', 'brand', 'vendor', '品牌', '厂商', '制造商'],
  model: [
    'model',
    'minermodel',
    'minertype',
    'type',
    'miner',
    'hardware',
    '型号',
    '机型',
    '矿机型号',
  ],
  name: ['name', 'minername', 'label', 'assettag', 'asset', '名称', '矿机名称', '资产编号'],
  worker: ['worker', 'workername', 'pool1user', 'pooluser', 'worker1', '矿工', '矿工名', '矿工号'],
  customer: [
    'customer',
    'customercode',
    'client',
    'owner',
    'customername',
    '客户',
    '客户代码',
    '业主',
  ],
  expectedThs: [
    ...['expectedhashrate', 'hashrate', 'nominalhashrate', 'ratedhashrate', 'nameplatehashrate'],
    ...['额定算力', '预期算力', '算力', '标称算力'],
  ],
  expectedW: [
    ...['expectedpower', 'power', 'nominalpower', 'ratedpower', 'nameplatepower', 'wattage'],
    ...['额定功率', '预期功率', '功率', '标称功率'],
  ],
  hostname: ['hostname', 'host', '主机名'],
  notes: ['notes', 'note', 'comment', 'comments', 'remark', 'remarks', '备注', '说明'],
}

/** A head without case, spaces, signs and what stands in brackets. */
const plain = (head: string) =>
  head
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[([{【].*?[)\]}】]/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

const UNIT_TAIL = /(ths|ghs|phs|kw|w|watts|th)$/

/** The field that a head names, or null: exactly, or but for a unit written behind it. */
export function fieldNamed(head: string): ImportField | null {
  const word = plain(head)
  const named = (text: string) => IMPORT_FIELDS.find((field) => SYNONYMS[field].includes(text))
  return named(word) ?? named(word.replace(UNIT_TAIL, '')) ?? null
}

/** The unit that a head names, else ours; undefined for fields without one. */
export function unitIn(field: ImportField, head: string): string | undefined {
  const units = IMPORT_UNITS[field] ?? []
  const spaced = head.replaceAll('_', ' ')
  return (units.find(({ pattern }) => pattern.test(spaced)) ?? units[0])?.code
}

/** The columns as their heads name them; of two that name the same field the first counts. */
export function columnsFor(heads: readonly string[]): ImportColumns {
  const columns: ImportColumns = {}
  heads.forEach((head, column) => {
    const field = fieldNamed(head)
    if (field && !columns[field]) columns[field] = { column, unit: unitIn(field, head) }
  })
  return columns
}

/** Heads that only Foreman's list has. */
const FOREMAN = ['mac', 'rack', 'row', 'index']
const FOREMAN_ALONE = ['static_ip', 'pool_1_user', 'pool_1_url']

/** Whether the heads are those of Foreman's on-boarding list. */
export function isForeman(heads: readonly string[]): boolean {
  const written = new Set(heads.map((head) => head.trim().toLowerCase()))
  return (
    FOREMAN.every((head) => written.has(head)) && FOREMAN_ALONE.some((head) => written.has(head))
  )
}
