import type { Fan, Hashboard, MinerFault, Pool } from '#edge/protocol/record'
import type { Detail } from '#edge/protocol/sample'
import type Miner from '../models/miner.js'
import { poolInUse } from './ingest_details.js'

/** What a miner last said of its parts; a null list is a question that it did not answer. */
export interface DetailView {
  at: Date | null
  boards: Hashboard[] | null
  fans: (Fan & { isPsu: boolean })[] | null
  pools: (Pool & { isInUse: boolean })[] | null
  faults: MinerFault[] | null
  capabilities: string[]
  facts: { key: string; value: string | number | null; unit?: string }[]
}

const listOf = <T>(value: unknown): T[] | null => (Array.isArray(value) ? (value as T[]) : null)

/** The detail as pages show it. Rows of old versions may lack anything. */
export function detailOf(miner: Miner): DetailView {
  const detail = (miner.detail ?? {}) as Partial<Detail>
  const pools = listOf<Pool>(detail.pools)
  const inUse = poolInUse(pools)
  return {
    at: miner.detailAt?.toJSDate() ?? null,
    boards: listOf<Hashboard>(detail.hashboards),
    fans: fansOf(detail),
    pools: pools?.map((pool) => ({ ...pool, isInUse: pool === inUse })) ?? null,
    faults: listOf<MinerFault>(detail.errors),
    capabilities: listOf<string>(detail.capabilities) ?? [],
    facts: factsOf(miner, detail),
  }
}

function fansOf(detail: Partial<Detail>) {
  const fans = listOf<Fan>(detail.fans)
  const psu = listOf<Fan>(detail.psu_fans)
  if (!fans && !psu) return null
  return [
    ...(fans ?? []).map((fan) => ({ ...fan, isPsu: false })),
    ...(psu ?? []).map((fan) => ({ ...fan, isPsu: true })),
  ]
}

const factsOf = (miner: Miner, detail: Partial<Detail>) => [
  { key: 'model_raw', value: miner.modelRaw },
  { key: 'firmware', value: join(miner.firmwareFamily, miner.firmwareVersion) },
  { key: 'api_version', value: detail.api_version ?? null },
  { key: 'control_board', value: miner.controlBoard },
  { key: 'serial_number', value: miner.serialNumber },
  { key: 'psu_serial_number', value: miner.psuSerialNumber },
  { key: 'mac', value: miner.mac },
  { key: 'ip', value: miner.ip },
  { key: 'hostname', value: miner.hostname },
  { key: 'driver', value: miner.driver },
  { key: 'algorithm', value: miner.algorithm },
  { key: 'nameplate', value: miner.nameplateHashrateThs, unit: 'TH/s' },
  { key: 'nameplate_power', value: miner.nameplatePowerW, unit: 'W' },
  { key: 'worker', value: miner.worker },
  { key: 'tuning', value: targetOf(detail) },
  { key: 'power_mode', ...modeOf(detail) },
]

const join = (...parts: (string | null)[]) => parts.filter(Boolean).join(' ') || null

const modeOf = ({ power_mode: mode = null }: Partial<Detail>) => ({
  value: mode,
  text: `fleet.power_mode.${mode}`,
})

function targetOf({ tuning_target: target }: Partial<Detail>) {
  if (!target || target.value === null || target.value === undefined) return null
  const unit = { power: ' W', hashrate: ' TH/s' }[target.type as string] ?? ''
  return `${String(target.value)}${unit}`
}
