import vine from '@vinejs/vine'
import { METER_MAPS } from '#edge/protocol/meter_maps'
import { GENERIC } from './models/meter.js'

export const MEASURES = ['site', 'zone', 'feed', 'container', 'room'] as const

const whole = (range: [number, number]) => vine.number().withoutDecimals().range(range)
const ratio = () => vine.number().range([0.000_001, 1_000_000])

const fields = {
  name: vine.string().trim().minLength(1).maxLength(80),
  map: vine.enum([...METER_MAPS.map(({ name }) => name), GENERIC]),
  registers: vine
    .string()
    .trim()
    .maxLength(20_000)
    .nullable()
    .optional()
    .meta({ control: 'textarea', wide: true, help: 'fleet_meters.help.registers' }),
  measures: vine.enum(MEASURES),
  zoneId: vine.string().uuid().nullable().optional(),
  rack: vine
    .string()
    .trim()
    .maxLength(40)
    .nullable()
    .optional()
    .meta({ help: 'fleet_meters.help.rack' }),
  ip: vine.string().trim().maxLength(15),
  port: whole([1, 65_535]),
  unit: whole([0, 255]),
  ctRatio: ratio().meta({ help: 'fleet_meters.help.ratio' }),
  ptRatio: ratio(),
  pollSeconds: whole([15, 60]).meta({ unit: 's' }),
}

/** A meter as an admin writes it; what is read of it follows from its map. */
export const meterSchema = vine.object(fields)

/** A new one also names who reads it. */
export const newMeterSchema = vine.object({ collectorId: vine.string().uuid(), ...fields })
