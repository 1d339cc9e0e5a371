import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'
import { BadInput } from '#core/errors'
import { DEVICE_KINDS, type DeviceKind, type MeterField } from '#edge/protocol/meters'

/** Shown in a line, in this order, of those that a device says. */
const SHOWN: readonly (readonly [MeterField, string])[] = [
  ['power_w', 'W'],
  ['temperature_c', '°C'],
  ['humidity_pct', '%'],
  ['supply_temp_c', '°C supply'],
  ['return_temp_c', '°C return'],
  ['flow_m3h', 'm³/h'],
  ['outlets_on', 'sockets'],
]

/** Devices with what they said last. */
export default class FleetMeters extends TenantCommand {
  static commandName = 'fleet:meters'
  static description =
    'Meters, sensors, containers and PDUs with what they said last, in the order of their numbers'
  static permission = 'fleet.meter.view'

  @flags.number({ description: 'At most so many (1,000 unless given)' })
  declare limit?: number

  @flags.number({ description: 'Those after this number' })
  declare after?: number

  @flags.string({ description: `Of one kind: ${DEVICE_KINDS.join(', ')}` })
  declare kind?: string

  async inTenant() {
    const { metersAnswer } = await import('../services/meter_answers.js')
    const { data } = await metersAnswer({
      cursor: String(this.after ?? 0),
      limit: this.limit ?? 1000,
      kind: this.#kind(),
    })
    for (const one of data) {
      const values = SHOWN.filter(([field]) => one.values[field] !== null).map(
        ([field, unit]) => `${Number(one.values[field]!.toFixed(2))} ${unit}`
      )
      const alarms = one.alarms?.length ? `alarms: ${one.alarms.join(' ')}` : ''
      this.say(
        `#${String(one.no).padEnd(5)} ${one.kind.padEnd(10)} ${one.name.padEnd(24)} ` +
          `${(one.isOld ? 'silent' : (one.outcome ?? 'never')).padEnd(12)} ${values.join(', ') || '—'} ${alarms}`.trimEnd()
      )
    }
    return data
  }

  #kind(): DeviceKind | undefined {
    const kind = DEVICE_KINDS.find((one) => one === this.kind)
    if (this.kind !== undefined && !kind) {
      throw new BadInput([{ field: 'kind', key: 'fleet_meters.fault.kind' }])
    }
    return kind
  }
}
