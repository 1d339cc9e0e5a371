import { mapNamed, METER_MAPS } from '#edge/protocol/meter_maps'
import type { DeviceKind, MeterField, MeterReads, Register } from '#edge/protocol/meters'
import type { MEASURES as MEASURED } from '../meter_validators.js'
import { GENERIC } from '../models/meter.js'
import type { Words } from './page_words.js'

export interface DeviceSays {
  kind: DeviceKind
  /** What such a device can say at all; the rest is not missing, it is not there. */
  fields: ReadonlySet<MeterField>
  hasAlarms: boolean
}

/** What a device is and can say: by its map, or by the registers that somebody wrote for it. */
export function saysOf(map: string, own: readonly Register[] | null): DeviceSays {
  const known = mapNamed(map)
  const asks: MeterReads = known ?? { registers: map === GENERIC ? (own ?? []) : [] }
  const fields = fieldsOf(asks)
  return {
    kind: known?.kind ?? kindBy(fields),
    fields,
    hasAlarms: Boolean(asks.flags?.length || asks.http?.alarms.length),
  }
}

const fieldsOf = ({ registers, http, outlets }: MeterReads): Set<MeterField> =>
  new Set([
    ...registers.map(({ field }) => field),
    ...(http?.fields.map(({ field }) => field) ?? []),
    ...(outlets ? (['outlets_on'] as const) : []),
  ])

const COOLANT: readonly MeterField[] = [
  ...(['supply_temp_c', 'return_temp_c', 'supply_pressure_bar'] as const),
  ...(['return_pressure_bar', 'flow_m3h', 'pump_running'] as const),
]
const AIR: readonly MeterField[] = ['temperature_c', 'humidity_pct']

/** Coolant is of containers, sockets are of PDUs; who says nothing but the air is a sensor. */
function kindBy(fields: ReadonlySet<MeterField>): DeviceKind {
  if (COOLANT.some((field) => fields.has(field))) return 'container'
  if (fields.has('outlets_on')) return 'pdu'
  return fields.size > 0 && [...fields].every((field) => AIR.includes(field)) ? 'sensor' : 'meter'
}

/** What a device of a kind usually measures. */
const MEASURES: Record<DeviceKind, (typeof MEASURED)[number]> = {
  meter: 'site',
  sensor: 'room',
  container: 'container',
  pdu: 'feed',
}

/** What is sensible for a new device of each map; null: the map does not say. */
export const usualByMap = () =>
  Object.fromEntries(
    METER_MAPS.map((map) => [
      map.name,
      {
        isMeter: map.kind === 'meter',
        measures: MEASURES[map.kind],
        port: map.usual?.port ?? null,
        unit: map.usual?.unit ?? null,
      },
    ])
  )

/** Maps to choose from, each with its kind in words. */
export const mapChoices = (words: Words) => [
  ...METER_MAPS.map(({ name, label, kind }) => ({
    value: name,
    label: `${words.t(`fleet_devices.kind.${kind}`)} · ${label}`,
  })),
  { value: GENERIC, label: words.t('fleet_meters.generic') },
]
