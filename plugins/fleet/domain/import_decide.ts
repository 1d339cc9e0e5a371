/** What a row says of a miner, by column of `fleet_miners`; what it leaves open is not there. */
export interface ListedMiner {
  site_id: string
  zone_id?: string
  customer_id?: string
  mac?: string
  serial_number?: string
  ip?: string
  hostname?: string
  make?: string
  model?: string
  name?: string
  worker?: string
  rack?: string
  shelf?: number
  position?: number
  nameplate_hashrate_ths?: number
  nameplate_power_w?: number
  notes?: string
}

export type ListedField = keyof ListedMiner

/** A miner that is in the books. */
export type KnownMiner = {
  [Field in ListedField]: Exclude<ListedMiner[Field], undefined> | null
} & {
  id: string
  no: number
  site_id: string
  miner_key: string
  status: string
  /** Whether a collector has met it: from then on it says itself what it is. */
  isMet: boolean
}

/** Who in the books has this MAC, this serial number, and at this site this address. */
export interface Namesakes {
  byMac: KnownMiner | null
  bySerial: KnownMiner | null
  byIp: KnownMiner | null
}

export interface RowFault {
  field: string
  /** The last part of a key below `fleet_import.fault`. */
  key: string
  args?: Record<string, string | number>
}

export type Outcome = 'new' | 'changed' | 'same' | 'conflict' | 'bad'

export interface Decision {
  outcome: Outcome
  miner: KnownMiner | null
  /** Columns and what they become. */
  apply: Partial<ListedMiner> & { miner_key?: string }
  /** Column → before and after. */
  changes: Partial<Record<ListedField, [before: unknown, after: unknown]>>
  /** Why it is a conflict; of others, what the file says and does not count. */
  faults: RowFault[]
}

/** What a machine says of itself; once it was met, a list only fills what it left open. */
const SAID: readonly ListedField[] = [
  'mac',
  'serial_number',
  'ip',
  'hostname',
  'make',
  'model',
  'nameplate_hashrate_ths',
]

/** As the collector makes it: MAC, else serial number, else address. */
export const keyFor = ({ mac, serial_number: serial, ip }: Partial<ListedMiner>) =>
  mac ? `mac:${mac}` : serial ? `sn:${serial}` : `ip:${ip}`

const differ = (one: unknown, other: unknown) =>
  one !== undefined && one !== null && other !== null && one !== other

/** The miner that the row means, none, or why nobody can tell. MAC → serial number → address. */
function meant(listed: ListedMiner, namesakes: Namesakes): KnownMiner | RowFault | null {
  const { byIp } = namesakes
  const named = byLastingName(listed, namesakes)
  if (named && isFault(named)) return named
  if (!named) return byAddress(listed, byIp)
  const isElsewhere = !byIp || byIp.id === named.id || named.isMet
  return isElsewhere ? named : taken(byIp)
}

function byAddress(listed: ListedMiner, byIp: KnownMiner | null): KnownMiner | RowFault | null {
  if (!byIp) return null
  const isOther = differ(listed.mac, byIp.mac) || differ(listed.serial_number, byIp.serial_number)
  return isOther ? taken(byIp) : byIp
}

/** By what a machine keeps wherever it goes. */
function byLastingName(
  { mac }: ListedMiner,
  { byMac, bySerial }: Namesakes
): KnownMiner | RowFault | null {
  if (!bySerial) return byMac
  if (!byMac) {
    const { no } = bySerial
    return differ(mac, bySerial.mac) ? { field: 'mac', key: 'other_mac', args: { no } } : bySerial
  }
  if (byMac.id === bySerial.id) return byMac
  return { field: 'serial', key: 'serial_of', args: { no: bySerial.no, other: byMac.no } }
}

const taken = ({ no }: KnownMiner): RowFault => ({ field: 'ip', key: 'ip_of', args: { no } })

const isFault = (found: KnownMiner | RowFault): found is RowFault => 'key' in found

const conflict = (miner: KnownMiner | null, fault: RowFault): Decision => ({
  outcome: 'conflict',
  miner,
  apply: {},
  changes: {},
  faults: [fault],
})

/** What a row would do. */
export function decide(listed: ListedMiner, namesakes: Namesakes): Decision {
  const found = meant(listed, namesakes)
  if (found === null) {
    const apply = { ...listed, miner_key: keyFor(listed) }
    return { outcome: 'new', miner: null, apply, changes: {}, faults: [] }
  }
  if (isFault(found)) return conflict(null, found)
  const { no } = found
  if (found.status === 'retired') {
    return conflict(found, { field: 'mac', key: 'retired', args: { no } })
  }
  if (found.site_id !== listed.site_id) {
    return conflict(found, { field: 'site', key: 'other_site', args: { no } })
  }
  return compared(listed, found)
}

function compared(listed: ListedMiner, miner: KnownMiner): Decision {
  const decision: Decision = { outcome: 'same', miner, apply: {}, changes: {}, faults: [] }
  for (const field of Object.keys(listed) as ListedField[]) {
    const [before, after] = [miner[field], listed[field]]
    if (after === undefined || before === after) continue
    if (miner.isMet && SAID.includes(field) && before !== null) {
      decision.faults.push({ field, key: 'says_itself', args: { said: String(before) } })
      continue
    }
    Object.assign(decision.apply, { [field]: after })
    decision.changes[field] = [before, after]
  }
  if (Object.keys(decision.changes).length === 0) return decision
  decision.outcome = 'changed'
  if (!miner.isMet) {
    const key = keyFor({ ...identityOf(miner), ...decision.apply })
    if (key !== miner.miner_key) decision.apply.miner_key = key
  }
  return decision
}

/** What makes its key. */
const identityOf = ({ mac, serial_number: serial, ip }: KnownMiner): Partial<ListedMiner> => ({
  ...(mac ? { mac } : {}),
  ...(serial ? { serial_number: serial } : {}),
  ...(ip ? { ip } : {}),
})
