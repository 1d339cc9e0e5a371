import vine from '@vinejs/vine'
import { METER_FIELDS } from '#edge/protocol/meters'

const figure = () => vine.number().nullable()
const words = () => vine.string().nullable()

export const meterRow = vine.object({
  id: vine.string(),
  no: vine.number(),
  name: vine.string(),
  measures: vine.string(),
  siteId: vine.string(),
  zone: words(),
  outcome: words(),
  answeredAt: words(),
  isOld: vine.boolean(),
  values: vine.object(Object.fromEntries(METER_FIELDS.map((field) => [field, figure()]))),
  todayWh: figure(),
  todayUntil: words(),
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
    })
  ),
  _meta: vine.object({ layer: vine.string(), resolutionSeconds: vine.number() }),
})
