import type { MeterField } from '#edge/protocol/meters'
import { alarmsNow, reasonOf, saidNow, says, sourceOf, stateOf } from './device_figures.js'
import { type MeterNow, metersNow } from './page_meters.js'
import type { Words } from './page_words.js'

/** A container or a PDU as the map shows it. */
export type DeviceCard = ReturnType<typeof cardOf>

interface Where {
  siteId: string
  zoneId: string | null
  /** Names of the racks that the map draws. */
  racks: readonly string[]
}

/** Containers and PDUs of a zone: those that feed a rack stand there, the others above all racks. */
export async function mapDevices({ siteId, zoneId, racks }: Where, words: Words) {
  const here = (await metersNow({ siteId })).filter(
    ({ kind, zoneId: zone }) => zone === zoneId && (kind === 'container' || kind === 'pdu')
  )
  const atRack = (one: MeterNow) => one.kind === 'pdu' && racks.includes(one.rack ?? '')
  const above = here.filter((one) => !atRack(one)).sort((a, b) => (a.kind < b.kind ? -1 : 1))
  return {
    above: above.map((one) => cardOf(one, words)),
    byRack: Map.groupBy(
      here.filter(atRack).map((one) => cardOf(one, words)),
      ({ rack }) => rack!
    ),
  }
}

const COOLANT = ['supply_temp_c', 'return_temp_c'] as const
const FIGURES = ['power_w', 'outlets_on', 'flow_m3h', 'pump_running'] as const

function cardOf(now: MeterNow, words: Words) {
  const goesRound = COOLANT.every((field) => says(now, field))
  const said = (field: MeterField) => saidNow(now, field, words)
  const alarms = alarmsNow(now)
  return {
    id: now.id,
    name: now.name,
    rack: now.rack,
    kind: words.t(`fleet_devices.kind.${now.kind}`),
    state: stateOf(now, words),
    source: sourceOf(now, words),
    reason: now.isOld ? reasonOf(now, words) : null,
    /** The coolant on its way out and back; null: it cannot say both. */
    coolant: goesRound ? COOLANT.map((field) => said(field) ?? '—').join(' → ') : null,
    figures: [...(goesRound ? [] : COOLANT), ...FIGURES]
      .filter((field) => says(now, field))
      .map((field) => ({
        label: words.t(`fleet_meters.value.${field}`),
        text: said(field) ?? '—',
      })),
    alarms: alarms && alarms.length,
    alarmWords: (alarms ?? []).map((code) => words.code(`fleet_devices.alarm.${code}`)).join(', '),
    tellsAlarms: now.hasAlarms || now.alarms !== null,
  }
}
