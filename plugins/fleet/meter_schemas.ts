import vine from '@vinejs/vine'
import { byNumber } from './schemas.js'
import { DEVICE_KINDS, METER_FIELDS } from '#edge/protocol/meters'

const figure = () => vine.number().nullable()
const words = () => vine.string().nullable()

export const meterRow = vine.object({
  id: vine.string(),
  no: vine.number(),
  name: vine.string(),
  kind: vine.enum(DEVICE_KINDS),
  map: vine.string(),
  measures: vine.string(),
  siteId: vine.string(),
  zone: words(),
  rack: words(),
  outcome: words(),
  answeredAt: words(),
  isOld: vine.boolean(),
  values: vine.object(Object.fromEntries(METER_FIELDS.map((field) => [field, figure()]))),
  alarms: vine.array(vine.string()).nullable(),
  todayWh: figure(),
  todayUntil: words(),
})

/** Devices by number, of one kind when asked. */
export const metersQuery = vine.object({
  ...byNumber.clone().getProperties(),
  kind: vine.enum(DEVICE_KINDS).optional(),
})

const moment = () => vine.date({ formats: { utc: true } })

export const intervalsQuery = vine.object({
  from: moment(),
  to: moment().optional(),
  minutes: vine
    .number()
    .in([5, 15, 60])
    .transform((value) => value as 5 | 15 | 60)
    .optional(),
})

export const intervalsSchema = vine.object({
  data: vine.array(
    vine.object({
      start: vine.string(),
      energyWh: figure(),
      gapEnergyWh: figure(),
      powerEnergyWh: figure(),
      demandW: figure(),
      powerMaxW: figure(),
      coverage: vine.number(),
      temperatureAvgC: figure(),
      humidityAvgPct: figure(),
      supplyTempAvgC: figure(),
      supplyTempMaxC: figure(),
      returnTempAvgC: figure(),
    })
  ),
  _meta: vine.object({ layer: vine.string(), resolutionSeconds: vine.number() }),
})
