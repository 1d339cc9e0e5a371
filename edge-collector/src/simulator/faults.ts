/** Faults of the machine itself. */
export const MACHINE_FAULTS = [
  'board_loss',
  'chip_dropout',
  'overheat',
  'fan',
  'psu',
  'pool_rejects',
  'pool_dead',
  'dust',
  'reboot_loop',
  'curtailment',
  'mode_change',
  'zero_hashrate',
  'missing_fields',
  'clock_wrong',
  'duplicate_mac',
  'ip_change',
  'firmware_upgrade',
  'password_changed',
  'no_effect',
  'lost_reply',
] as const

/** Faults between the machine and who asks. */
export const WIRE_FAULTS = [
  'silent',
  'refused',
  'half_answer',
  'reset',
  'slow',
  'dribble',
  'broken_json',
  'truncated',
  'flood',
  'one_connection',
  'api_off',
  'network_flap',
] as const

export type MachineFaultKind = (typeof MACHINE_FAULTS)[number]
export type WireFaultKind = (typeof WIRE_FAULTS)[number]
export type FaultKind = MachineFaultKind | WireFaultKind

/** What befalls one machine, from when to when. Parts that a kind does not use are left out. */
export interface Fault {
  kind: FaultKind
  /** Unix milliseconds of the virtual clock. */
  from: number
  /** Null: for good. */
  to: number | null
  /** Board or fan. */
  slot?: number
  /** Of chips, shares or cooling, 0 to 1. */
  share?: number
  /** Of a loop or a flap. */
  periodS?: number
  downS?: number
  offsetS?: number
  mode?: 'low' | 'normal' | 'high'
  fields?: string[]
  /** Model, address or password that is there afterwards. */
  becomes?: string
  /** Of the firmware afterwards; absent: as the model leaves the factory. */
  version?: string
}

export const isActive = ({ from, to }: Fault, at: number): boolean =>
  at >= from && (to === null || at < to)

const WIRE: ReadonlySet<string> = new Set(WIRE_FAULTS)

export const isWireFault = (fault: Fault): fault is Fault & { kind: WireFaultKind } =>
  WIRE.has(fault.kind)

/** The wire fault in force; a flapping network is there and away by turns. */
export function wireFaultAt(faults: readonly Fault[], at: number): WireFaultKind | null {
  for (const fault of faults) {
    if (!isWireFault(fault) || !isActive(fault, at)) continue
    if (fault.kind !== 'network_flap') return fault.kind
    const { periodS = 120, downS = 40 } = fault
    if ((at - fault.from) % (periodS * 1000) < downS * 1000) return 'silent'
  }
  return null
}
