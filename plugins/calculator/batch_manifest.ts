import vine from '@vinejs/vine'

/** What can happen to a batch. */
export const batchEvents = {
  'batch.uploaded': {
    facts: vine.object({ name: vine.string(), bytes: vine.number(), lines: vine.number() }),
  },
  'batch.started': { facts: vine.object({ name: vine.string(), rowsDone: vine.number() }) },
  'batch.finished': {
    facts: vine.object({
      name: vine.string(),
      rowsPriced: vine.number(),
      rowsRefused: vine.number(),
    }),
  },
  'batch.failed': { facts: vine.object({ name: vine.string(), code: vine.string() }) },
  'batch.cancelled': { facts: vine.object({ name: vine.string(), rowsDone: vine.number() }) },
  'batch.reopened': { facts: vine.object({ name: vine.string() }) },
  'batch.deleted': {
    facts: vine.object({
      name: vine.string(),
      rowsPriced: vine.number(),
      rowsRefused: vine.number(),
    }),
  },
}

/** What an admin sets about batches. */
export const batchSettings = {
  batchMaxRows: vine
    .number()
    .withoutDecimals()
    .range([1, 1_000_000])
    .optional()
    .meta({ label: 'calculator_batch.setting.maxRows' }),
  batchKeepDays: vine
    .number()
    .withoutDecimals()
    .range([1, 3650])
    .optional()
    .meta({ label: 'calculator_batch.setting.keepDays' }),
}

export const batchDefaults = { batchMaxRows: 100_000, batchKeepDays: 90 }
