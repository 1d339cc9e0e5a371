import vine from '@vinejs/vine'
import { listFields } from '#core/api'
import { GROUPS } from './services/history.js'

const figure = () => vine.number().nullable()
const words = () => vine.string().nullable()

const liveFields = () => ({
  id: vine.string(),
  no: vine.number(),
  name: words(),
  siteId: vine.string(),
  zoneId: words(),
  make: words(),
  model: words(),
  ip: words(),
  mac: words(),
  status: vine.string(),
  connectivity: vine.string(),
  connectivitySince: words(),
  answeredAt: words(),
  hashrateThs: figure(),
  expectedThs: figure(),
  powerW: figure(),
  powerSource: words(),
  efficiencyJth: figure(),
  tempMaxC: figure(),
  poolUrl: words(),
  faults: figure(),
})

const metaFields = () => ({
  layer: vine.string(),
  newestAt: words(),
  ageSeconds: figure(),
  coverage: figure(),
  units: vine.record(vine.string()),
})

export const liveSchema = vine.object({
  data: vine.array(vine.object(liveFields())),
  nextCursor: words(),
  _meta: vine.object(metaFields()),
})

export const minerSchema = vine.object({
  ...liveFields(),
  state: words(),
  detailAt: words(),
  detail: vine.object({}).allowUnknownProperties().nullable(),
  _meta: vine.object(metaFields()),
})

const sum = () => ({
  miners: vine.number(),
  connectivity: vine.record(vine.number()),
  hashrateThs: figure(),
  expectedThs: figure(),
  hashratePct: figure(),
  powerW: figure(),
  powerKnownOf: vine.number(),
  powerSources: vine.array(vine.object({ source: vine.string(), powerW: vine.number() })),
  efficiencyJth: figure(),
  onlinePct: figure(),
  newestAt: words(),
})

export const summarySchema = vine.object({
  fleet: vine.object(sum()),
  sites: vine.array(vine.object({ id: vine.string(), name: vine.string(), ...sum() })),
  _meta: vine.object(metaFields()),
})

/** Numbers are whole and in order: the cursor is the last one. */
export const byNumber = vine.object({
  ...listFields(),
  cursor: vine
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
})

const moment = () => vine.date({ formats: { utc: true } })

/** Either miners, by number, or a part of the fleet. */
export const historyQuery = vine.object({
  miners: vine
    .array(vine.number().withoutDecimals().range([1, 2_000_000_000]))
    .maxLength(20)
    .optional(),
  by: vine.enum(GROUPS).optional(),
  from: moment(),
  to: moment().optional(),
})

const point = vine.object({
  at: vine.string(),
  hashrateThs: figure(),
  expectedThs: figure(),
  powerW: figure(),
  tempMaxC: figure(),
  energyWh: figure(),
  miners: vine.number(),
})

export const historySchema = vine.object({
  data: vine.array(vine.object({ line: vine.string(), points: vine.array(point) })),
  _meta: vine.object({ ...metaFields(), resolutionSeconds: vine.number() }),
})
