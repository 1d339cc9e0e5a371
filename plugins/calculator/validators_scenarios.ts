import vine from '@vinejs/vine'
import { KINDS } from './services/scenario_answer.js'
import { MAX_SHARE_DAYS } from './services/share_links.js'

const name = () => vine.string().trim().minLength(1).maxLength(80)
const note = () => vine.string().trim().maxLength(500)

export const labelValidator = vine.create({ name: name(), note: note().optional() })

export const copyValidator = vine.create({ name: name() })

/** `of`: which answer the link shows, the one of this moment or the one that was saved. */
export const shareValidator = vine.create({
  days: vine.number().withoutDecimals().range([1, MAX_SHARE_DAYS]).optional(),
  of: vine.enum(['now', 'saved'] as const),
})

/** A question to save, as the API takes it: its fields are those of the calculator itself. */
export const scenarioBody = vine.object({
  name: name(),
  note: note().optional(),
  kind: vine.enum(KINDS).optional(),
  query: vine.record(
    vine.unionOfTypes([
      vine.boolean({ strict: true }),
      vine.number(),
      vine.string().maxLength(4000),
    ])
  ),
})
