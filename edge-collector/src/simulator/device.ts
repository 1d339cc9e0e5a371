import { mapNamed } from '../../protocol/meter_maps.js'
import type { MeterMap, MeterSample, MeterValues } from '../../protocol/meters.js'
import {
  abbMeter,
  antspace,
  microbt,
  type Said,
  type Surroundings,
  type Units,
} from './device_values.js'
import type { DeviceFaultKind, DeviceRow } from './device_rows.js'
import type { Fleet } from './fleet.js'
import { Random } from './random.js'

/** What befalls a device, from when to when, unix milliseconds. */
export interface DeviceFault {
  kind: DeviceFaultKind
  from: number
  /** Null: for good. */
  to: number | null
}

/** What one unit of a device says now. */
export interface UnitState {
  map: MeterMap
  values: Partial<MeterValues>
  alarms: string[]
}

const UNITS: Record<DeviceRow['kind'], (around: Surroundings) => Units> = {
  abb_meter: abbMeter,
  microbt_container: microbt,
  antspace_hk3: antspace,
}

/** Streams of devices are apart from those of machines. */
const FIRST_STREAM = 20_000_000

/** A meter or a container of a site: what it says follows from the machines behind it and the time. */
export class SimulatedDevice {
  readonly kind: DeviceRow['kind']
  readonly ip: string
  readonly faults: readonly DeviceFault[]
  readonly #fleet: Fleet
  readonly #row: DeviceRow
  readonly #random: Random

  constructor(row: DeviceRow, fleet: Fleet, place: number) {
    this.kind = row.kind
    this.ip = row.ip
    this.#row = row
    this.#fleet = fleet
    this.#random = new Random(fleet.seed, FIRST_STREAM + place)
    this.faults = (row.faults ?? []).map(({ kind, atS, forS }) => {
      const from = fleet.clock.startedAt + atS * 1000
      return { kind, from, to: forS === undefined ? null : from + forS * 1000 }
    })
  }

  /** It takes connections and says nothing. */
  get isSilent(): boolean {
    return this.#sinceMs('silent', this.#fleet.clock.now()) !== null
  }

  /** The units that answer, lowest first. */
  get units(): number[] {
    return [...this.#units().keys()]
  }

  /** Null: nobody answers there. */
  state(unit: number): UnitState | null {
    const said = this.#units().get(unit)
    return said ? toState(said()) : null
  }

  /** What a collector would send of a unit now, without a socket between them. */
  sample(unit: number, meter: string, pollMs = 20): MeterSample | null {
    const state = this.state(unit)
    if (!state) return null
    const head = { meter, at: this.#fleet.clock.now(), poll_ms: pollMs }
    if (this.isSilent) return { ...head, outcome: 'unreachable' }
    const { map, values, alarms } = state
    const hasAlarms = Boolean(map.flags?.length) || Boolean(map.http?.alarms.length)
    return { ...head, outcome: 'ok', ...values, ...(hasAlarms ? { alarms } : {}) }
  }

  #units(): Units {
    const at = this.#fleet.clock.now()
    const machines = Array.from({ length: this.#row.count }, (_, step) =>
      this.#fleet.machine(this.#row.first + step)
    )
    return UNITS[this.kind]({
      at,
      machines,
      random: this.#random,
      ambientC: this.#fleet.ambientC(at),
      sinceMs: (kind) => this.#sinceMs(kind, at),
    })
  }

  /** How long a fault has been there; null: it is not. */
  #sinceMs(kind: DeviceFaultKind, at: number): number | null {
    const now = this.faults.find(
      (one) => one.kind === kind && at >= one.from && (one.to === null || at < one.to)
    )
    return now ? at - now.from : null
  }
}

const toState = ({ map: name, values, alarms = [] }: Said): UnitState => {
  const map = mapNamed(name)
  if (!map) throw new RangeError(`there is no map ${name}`)
  return { map, values, alarms }
}
