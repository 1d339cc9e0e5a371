import vine from '@vinejs/vine'

const text = (most: number) => vine.string().trim().maxLength(most).nullable().optional()
const place = (most: number) =>
  vine.number().withoutDecimals().range([0, most]).nullable().optional()
const id = () => vine.string().uuid().nullable().optional()

/** Where a miner stands. */
const placeFields = {
  zoneId: id(),
  rack: text(40),
  shelf: place(1000),
  position: place(10_000),
}

/** What people say about a miner. */
export const minerSchema = vine.object({
  name: text(80),
  status: vine.enum(['active', 'maintenance'] as const),
  customerId: id(),
  ...placeFields,
  notes: text(2000).meta({ control: 'textarea', wide: true }),
})

/** One miner and the place that it gets. */
export const placeSchema = vine.object({ minerId: vine.string().uuid(), ...placeFields })

/** Most miners of one change: a page of the list. */
export const MOST_CHOSEN = 500

/** Several miners and what becomes of them. */
export const changesSchema = vine.create({
  ids: vine
    .array(vine.string().uuid())
    .minLength(1)
    .maxLength(MOST_CHOSEN)
    .optional()
    .requiredIfMissing('all'),
  /** Instead of ids: all that the filter of the list leaves, and how many the person saw. */
  all: vine.number().withoutDecimals().range([1, 1_000_000]).optional(),
  search: vine.string().maxLength(2000).nullable().optional(),
  act: vine.enum(['zone', 'customer', 'maintenance', 'active', 'retire'] as const),
  zoneId: id(),
  customerId: id(),
})

/** Several staged machines. */
export const foundSchema = vine.create({
  ids: vine.array(vine.string().uuid()).minLength(1).maxLength(MOST_CHOSEN),
})

/** What people repair, clean and replace. */
export const WORKS = [
  'hashboard',
  'fan',
  'psu',
  'control_board',
  'cleaning',
  'firmware',
  'cabling',
  'inspection',
  'other',
] as const

export const serviceSchema = vine.create({ work: vine.enum(WORKS), note: text(500) })

export const reasonSchema = vine.create({ reason: text(500) })

/** Another miner, by its number. */
export const otherSchema = vine.create({
  other: vine.number().withoutDecimals().range([1, 2_147_483_647]),
})

const name = () => vine.string().trim().minLength(1).maxLength(80)

export const invitationSchema = vine.object({ siteId: vine.string().uuid(), name: name() })

export const collectorSchema = vine.object({
  name: name(),
  pollSeconds: vine.number().withoutDecimals().range([5, 3600]).meta({ unit: 's' }),
  detailSeconds: vine.number().withoutDecimals().range([15, 86_400]).meta({ unit: 's' }),
  scanHours: vine.number().withoutDecimals().range([0, 8760]).meta({ unit: 'h' }),
  autoAccept: vine.boolean(),
})

const port = () => vine.number().withoutDecimals().range([1, 65_535]).nullable().optional()

export const rangeSchema = vine.object({
  addresses: vine.string().trim().minLength(1).maxLength(100),
  zoneId: id(),
  ports: vine.object({ rpc: port(), http: port(), https: port(), v3: port(), rest: port() }),
})

export const poolSchema = vine.object({
  host: vine
    .string()
    .trim()
    .toLowerCase()
    .minLength(1)
    .maxLength(253)
    .regex(/^[a-z0-9*][a-z0-9.*_-]*$/),
  note: text(200),
})

const whole = (least: number, most: number) => vine.number().withoutDecimals().range([least, most])

/** What collectors of a site may do by themselves. */
export const safetySchema = vine.object({
  isOn: vine.boolean(),
  sleepAboveC: whole(60, 120).meta({ unit: '°C' }),
  samplesInRow: whole(2, 20),
  mostPerHour: whole(1, 20),
  mostSharePct: whole(1, 100).meta({ unit: '%' }),
  wakeBelowC: whole(10, 100).nullable().optional().meta({ unit: '°C' }),
  wakeAfterMinutes: whole(5, 1440).meta({ unit: 'min' }),
})
