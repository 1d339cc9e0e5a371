import { BATCH_FIELDS, BATCH_UNITS, type BatchField } from './batch_fields.js'

/** Where a field stands in the file, and in which unit. */
export interface MappedColumn {
  column: number
  unit?: string
}

export type BatchColumns = Partial<Record<BatchField, MappedColumn>>

/** Heads that people write, in both languages, as `plain` leaves them. */
const SYNONYMS: Record<BatchField, readonly string[]> = {
  name: [
    'name',
    'label',
    'id',
    'asset',
    'rowname',
    'site',
    'customer',
    'worker',
    '名称',
    '名字',
    '标签',
    '编号',
    '客户',
    '备注',
  ],
  model: [
    'model',
    'miner',
    'minermodel',
    'machine',
    'asic',
    'device',
    'type',
    '型号',
    '机型',
    '矿机',
    '矿机型号',
    '设备',
  ],
  count: [
    'count',
    'quantity',
    'qty',
    'howmany',
    'units',
    'number',
    'miners',
    'machines',
    'amount',
    '数量',
    '台数',
    '台',
  ],
  hashrateThs: [
    'hashrate',
    'hashratethsone',
    'hashrateths',
    'hashrateofone',
    'hash',
    'ths',
    'speed',
    '算力',
    '单台算力',
    '单机算力',
  ],
  powerW: [
    'power',
    'powerw',
    'powerofone',
    'watts',
    'watt',
    'w',
    'consumption',
    'powerconsumption',
    '功率',
    '功耗',
    '单台功率',
    '单机功率',
  ],
  usdPerKwh: [
    'usdperkwh',
    'electricity',
    'electricityprice',
    'electricitycost',
    'electricityrate',
    'energyprice',
    'energycost',
    'powerprice',
    'powercost',
    'tariff',
    'kwhprice',
    'perkwh',
    '电价',
    '电费',
    '电费单价',
  ],
  poolFeePct: [
    'poolfeepct',
    'poolfee',
    'fee',
    'pool',
    '矿池费率',
    '矿池费',
    '矿池手续费',
    '费率',
    '手续费',
  ],
  overheadPct: [
    'overheadpct',
    'overhead',
    'coolingandlosses',
    'cooling',
    'losses',
    '附加能耗',
    '散热与损耗',
    '损耗',
    '散热',
  ],
  fixedUsdPerDay: [
    'fixedusdperday',
    'fixedcostaday',
    'fixedcost',
    'fixed',
    'costperday',
    'dailycost',
    '固定成本',
    '每日固定成本',
    '固定费用',
  ],
  btcUsd: [
    'btcusd',
    'bitcoinprice',
    'btcprice',
    'price',
    'coinprice',
    '币价',
    '比特币价格',
    'btc价格',
  ],
  difficulty: ['difficulty', 'networkdifficulty', '难度', '全网难度'],
  networkHashrateThs: ['networkhashrateths', 'networkhashrate', 'globalhashrate', '全网算力'],
}

/** How units are written in heads; the first that is found counts. Longer spellings come first. */
const UNIT_MARKS: readonly [pattern: RegExp, unit: string][] = [
  [/(¢|cents?|美分)\s*(\/|per|每)?\s*kwh/i, '¢/kWh'],
  [/(\$|usd|美元)?\s*(\/|per|每)\s*mwh/i, '$/MWh'],
  [/\beh(\/s)?\b/i, 'EH/s'],
  [/\bph(\/s)?\b/i, 'PH/s'],
  [/\bgh(\/s)?\b/i, 'GH/s'],
  [/\bmw\b/i, 'MW'],
  [/\bkw\b/i, 'kW'],
]

/** A head without case, spaces, signs and what stands in brackets. */
const plain = (head: string) =>
  head
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[([（【].*?[)\]）】]/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

/** The unit that a head names, when the field can be in it. */
export function unitIn(field: BatchField, head: string): string | undefined {
  const units = BATCH_UNITS[field] ?? []
  const marked = UNIT_MARKS.find(
    ([pattern, code]) => pattern.test(head) && units.some((one) => one.code === code)
  )
  return marked?.[1] ?? units[0]?.code
}

/** Without a trailing unit: `powerw`, `hashrateths`. */
const UNIT_TAIL = /(ths|phs|ghs|ehs|kw|mw|w|usd|pct|percent|centskwh|centskwh|usdkwh|kwh)$/

/** The field that a head names, or null: exactly, or but for a unit written behind it. */
export function fieldNamed(head: string): BatchField | null {
  const word = plain(head)
  const named = (text: string) => BATCH_FIELDS.find((field) => SYNONYMS[field].includes(text))
  return named(word) ?? named(word.replace(UNIT_TAIL, '')) ?? null
}

/** The columns as their heads name them; of two that name the same field the first counts. */
export function columnsFor(heads: readonly string[]): BatchColumns {
  const columns: BatchColumns = {}
  heads.forEach((head, column) => {
    const field = fieldNamed(head)
    if (field && !columns[field]) columns[field] = { column, unit: unitIn(field, head) }
  })
  return columns
}
